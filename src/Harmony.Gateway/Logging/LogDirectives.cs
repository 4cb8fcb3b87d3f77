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
