using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>What the loggers of all categories share; its disposal writes what is still queued.</summary>
internal sealed class HarmonyLoggerProvider(
    LogLevels levels, ILogFormatter formatter, LogWriter writer, TimeProvider clock, Func<Exception, bool> isOrdinaryFault)
    : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Decides what is written.</summary>
    public LogLevels Levels => levels;

    /// <summary>Makes the lines.</summary>
    public ILogFormatter Formatter => formatter;

    /// <summary>Takes the lines.</summary>
    public LogWriter Writer => writer;

    /// <summary>Gives the times.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The scopes of the running call; the logger factory sets it before the first line.</summary>
    public IExternalScopeProvider? Scopes { get; private set; }

    /// <summary>Whether an error with this exception is logged without its stack.</summary>
    public bool IsOrdinaryFault(Exception exception) => LogException.IsOrdinary(exception) || isOrdinaryFault(exception);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(categoryName, this);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
