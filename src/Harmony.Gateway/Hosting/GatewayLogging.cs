using Harmony.Core.Configuration;
using Harmony.Gateway.Logging;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>The logging of a gateway, by its configuration; levels follow when that changes.</summary>
internal sealed class GatewayLogging : IDisposable
{
    private readonly LoggingSection _atStart;

    private GatewayLogging(LoggingSection section, LogLevels levels, ILoggerFactory loggers)
        => (_atStart, Levels, Loggers) = (section, levels, loggers);

    /// <summary>What is logged.</summary>
    public LogLevels Levels { get; }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>Opens the outputs.</summary>
    public static GatewayLogging Create(LoggingSection section, Func<string, string?> environment, TimeProvider clock, ConfigProblems problems)
    {
        var levels = LogLevels.Create(section.LogLevel, environment, out var levelProblems);
        foreach (var problem in levelProblems) problems.Warning(SourceLocation.None, problem);
        var settings = new LogSettings(section.Format == "json" ? LogFormat.Json : LogFormat.Text, section.LogToFile ? section.LogFilePath : null)
        {
            IsOrdinaryFault = e => e is Core.Faults.GatewayException,
        };
        return new GatewayLogging(section, levels, LoggingSetup.Create(settings, levels, clock));
    }

    /// <summary>Takes over the level of a configuration that was reloaded. False where it asks for other outputs, which are opened at start only.</summary>
    public bool Apply(LoggingSection section)
    {
        Levels.Configure(section.LogLevel);
        return (section.Format, section.LogToFile, section.LogFilePath) == (_atStart.Format, _atStart.LogToFile, _atStart.LogFilePath);
    }

    public void Dispose() => Loggers.Dispose();
}
