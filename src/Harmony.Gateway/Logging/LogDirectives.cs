using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>Reads level specifications: <c>warn,harmony.http=debug,harmony.dump=off</c>.</summary>
internal static class LogDirectives
{
    private static readonly SearchValues<char> TargetCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+`");

    /// <summary>
    /// The rules in <paramref name="text"/>, in its order. An entry that makes no sense is left out and becomes a problem
    /// that names <paramref name="source"/>, the variable or key the text comes from.
    /// </summary>
    public static IReadOnlyList<LogRule> Parse(string source, string? text, ICollection<string> problems)
    {
        var rules = new List<LogRule>();
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseEntry(entry, out var rule) is { } problem)
                problems.Add($"{source}: {problem}");
            else
                rules.Add(rule);
        }

        return rules;
    }

    private static string? ParseEntry(string entry, out LogRule rule)
    {
        rule = default;
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? ParseBare(entry, out rule) : ParsePair(entry, equals, out rule);
    }

    // A word alone is a level for everything, or a target that is shown in full.
    private static string? ParseBare(string entry, out LogRule rule)
    {
        if (LogLevelNames.TryParse(entry, out var level))
        {
            rule = new LogRule("", level);
            return null;
        }

        var target = Normalize(entry);
        rule = new LogRule(target, LogLevel.Trace);
        if (!IsTarget(target)) return $"'{entry}' is not a target; write names such as harmony.http";

        // A lone word outside the name spaces we know is a mistyped level far more often than a target.
        return target.Contains('.', StringComparison.Ordinal) || IsKnownRoot(target)
            ? null
            : $"'{entry}' is neither a level nor a target of Harmony; levels are {LogLevelNames.Choices}, other targets are written '{entry}=debug'";
    }

    private static string? ParsePair(string entry, int equals, out LogRule rule)
    {
        rule = default;
        var target = Normalize(entry[..equals].Trim());
        if (target.Length == 0) return $"'{entry}' names no target; write harmony.http=debug, or a level alone";
        if (!IsTarget(target)) return $"'{entry}' does not begin with a target; write names such as harmony.http";

        var word = entry[(equals + 1)..].Trim();
        if (!LogLevelNames.TryParse(word, out var level)) return $"'{entry}' has no level '{word}'; use {LogLevelNames.Choices}";
        rule = new LogRule(target, level);
        return null;
    }

    private static string Normalize(string target) => target.Replace("::", ".", StringComparison.Ordinal).TrimEnd('.');

    private static bool IsTarget(string target) => target.Length > 0 && !target.AsSpan().ContainsAnyExcept(TargetCharacters);

    private static bool IsKnownRoot(string target)
        => target.Equals("harmony", StringComparison.OrdinalIgnoreCase) || LogRules.IsFramework(target);
}

/// <summary>The words for levels in configuration, environment and output.</summary>
internal static class LogLevelNames
{
    /// <summary>The words a user may write, for messages.</summary>
    public const string Choices = "off, error, warn, info, debug or trace";

    /// <summary>Reads a level as users write it, in any case.</summary>
    public static bool TryParse(string text, out LogLevel level)
    {
        LogLevel? found = text.ToLowerInvariant() switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "off" => LogLevel.None,
            _ => null,
        };
        level = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>The word of a level: <c>info</c>.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "off",
    };

    /// <summary>The word of a level as a column of five characters, so that what follows stands in line.</summary>
    public static ReadOnlySpan<byte> ColumnOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE"u8,
        LogLevel.Debug => "DEBUG"u8,
        LogLevel.Information => " INFO"u8,
        LogLevel.Warning => " WARN"u8,
        LogLevel.Error => "ERROR"u8,
        _ => "FATAL"u8,
    };
}
