using Harmony.Core.Configuration;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>The logging of a gateway, by its configuration; levels follow when that changes.</summary>
internal sealed class GatewayLogging : IDisposable
{
    private readonly LoggingSection _atStart;

    private GatewayLogging(LoggingSection section, LogLevels levels, ILoggerFactory loggers, LogSettings settings)
        => (_atStart, Levels, Loggers, Export, Recent) = (section, levels, loggers, settings.Export, settings.Recent);

    /// <summary>What is logged.</summary>
    public LogLevels Levels { get; }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>Where what is logged is sent to, too.</summary>
    public LogExportSlot Export { get; }

    /// <summary>The last lines.</summary>
    public RecentLines Recent { get; }

    /// <summary>Opens the outputs.</summary>
    public static GatewayLogging Create(LoggingSection section, Func<string, string?> environment, TimeProvider clock, ConfigProblems problems)
    {
        var levels = LogLevels.Create(section.LogLevel, environment, out var levelProblems);
        foreach (var problem in levelProblems) problems.Warning(SourceLocation.None, problem);
        var settings = new LogSettings(section.Format == "json" ? LogFormat.Json : LogFormat.Text, section.LogToFile ? section.LogFilePath : null)
        {
            MaxFileBytes = section.MaxSizeMb * 1024L * 1024,
            KeepFiles = section.KeepFiles,
            IsOrdinaryFault = e => e is Core.Faults.GatewayException,
        };
        return new GatewayLogging(section, levels, LoggingSetup.Create(settings, levels, clock), settings);
    }

    /// <summary>Takes over the level of a configuration that was reloaded. False where it asks for other outputs, which are opened at start only.</summary>
    public bool Apply(LoggingSection section)
    {
        Levels.Configure(section.LogLevel);
        return Outputs(section) == Outputs(_atStart);
    }

    /// <summary>
    /// Writes what was found at start, where standard error is not where the log is read: in a file, and as JSON. So the reason why a gateway did not start
    /// stands with everything else.
    /// </summary>
    public void Tell(IEnumerable<ConfigProblem> problems)
    {
        if (_atStart is { LogToFile: false, Format: "text" }) return;
        ReloadLog.Problems(Loggers.CreateLogger("harmony.reload"), problems);
    }

    public void Dispose() => Loggers.Dispose();

    private static (string, bool, string?, int, int) Outputs(LoggingSection section)
        => (section.Format, section.LogToFile, section.LogFilePath, section.MaxSizeMb, section.KeepFiles);
}
