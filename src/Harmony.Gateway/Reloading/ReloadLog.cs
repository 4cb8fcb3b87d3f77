using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>Log messages of reloading, ids 1100 to 1149, target <c>harmony.reload</c>.</summary>
internal static partial class ReloadLog
{
    /// <summary>A line for each problem, as severe as it is.</summary>
    public static void Problems(ILogger logger, IEnumerable<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            if (problem.Severity == ConfigSeverity.Error) Error(logger, problem.ToString());
            else Warning(logger, problem.ToString());
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information,
        Message = "version {Version} of the configuration runs ({Reason}) after {ElapsedMs} ms; changed: {Changes}; listeners: {Listeners}")]
    public static partial void Reloaded(ILogger logger, int version, string reason, long elapsedMs, string changes, string listeners);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "the configuration was not reloaded ({Reason}): {Summary}; version {Version} still runs")]
    public static partial void Rejected(ILogger logger, string reason, string summary, int version);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void Error(ILogger logger, string problem);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void Warning(ILogger logger, string problem);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Error, Message = "loading the configuration failed with an unexpected error; please report it")]
    public static partial void Unforeseen(ILogger logger, Exception cause);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Warning, Message = "resources of a replaced configuration could not be released")]
    public static partial void NotDisposed(ILogger logger, Exception cause);

    [LoggerMessage(
        EventId = 1107, Level = LogLevel.Warning, Message = "the operating system cannot watch '{Folder}', so the gateway looks for changes every second: "
            + "{Reason}")]
    public static partial void NotWatched(ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Warning, Message = "version {Version} of the configuration could not be saved to the history in "
        + "'{Folder}': {Reason}")]
    public static partial void NotKept(ILogger logger, int version, string folder, string reason);

    [LoggerMessage(EventId = 1109, Level = LogLevel.Warning, Message = "changes of 'format', 'log_to_file' and 'log_file_path' in [logging] take effect "
        + "at the next start")]
    public static partial void LogOutputNotChanged(ILogger logger);

    [LoggerMessage(EventId = 1110, Level = LogLevel.Error,
        Message = "the configuration files have errors, so version {Version} of {AppliedAt:u} runs, which ran last; corrected files are loaded as soon as "
            + "they are saved")]
    public static partial void LastGoodRuns(ILogger logger, int version, DateTimeOffset appliedAt);

    [LoggerMessage(
        EventId = 1114, Level = LogLevel.Warning, Message =
            "the configuration files cannot be written ({Reason}): version {Version} runs until a file changes or the gateway is restarted")]
    public static partial void RunsFromHistory(ILogger logger, string reason, int version);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning,
        Message = "the history of configurations stays in the [storage] of the start until the gateway is restarted")]
    public static partial void StorageNotChanged(ILogger logger);

    [LoggerMessage(EventId = 1113, Level = LogLevel.Error, Message = "'{Observer}' was not notified of a reload; please report it")]
    public static partial void ObserverFailed(ILogger logger, Exception cause, string observer);

    [LoggerMessage(
        EventId = 1112, Level = LogLevel.Error, Message = "the new configuration runs, but '{Step}' failed after the change; please report it")]
    public static partial void StepFailed(ILogger logger, Exception cause, string step);
}

/// <summary>What a reload has changed, in words for the log. No values: some are secret.</summary>
/// <param name="Configuration">Tables and other files: <c>+pipelines.new, ~logging, ~transforms/a.json</c>, or <c>nothing</c>.</param>
/// <param name="Listeners">Listeners: <c>+http://127.0.0.1:8081</c>, or <c>none</c>.</param>
internal sealed record AppliedChange(string Configuration, string Listeners)
{
    /// <summary>Compares.</summary>
    /// <param name="old">What ran before.</param>
    /// <param name="next">What runs now.</param>
    /// <param name="changedFiles">Files that are not as they were when the old one was read.</param>
    /// <param name="listeners">What was opened and closed.</param>
    public static AppliedChange Of(ConfigSet old, ConfigSet next, IReadOnlyList<string> changedFiles, ListenerChange listeners)
    {
        // What a TOML file says is compared by table; of other files only the name is known.
        var files = changedFiles.Where(f => !f.EndsWith(".toml", StringComparison.Ordinal) && File.Exists(f))
            .Select(f => "~" + Path.GetRelativePath(next.Directory, f)).ToList();
        var tables = ConfigDifference.Between(old, next);
        var all = tables.IsEmpty ? files : [tables.ToString(), .. files];
        return new AppliedChange(all.Count == 0 ? "nothing" : string.Join(", ", all), listeners.ToString());
    }
}
