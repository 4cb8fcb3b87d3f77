using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>The levels of all categories at one moment. Immutable: a change makes a new table, so the reference is its version.</summary>
internal sealed class LogRules
{
    private static readonly string[] FrameworkRoots = ["Microsoft", "System"];

    private readonly LogLevel _default;
    private readonly LogRule[] _longestFirst;

    /// <summary>Builds the table; of two rules for one target the later counts.</summary>
    public LogRules(IEnumerable<LogRule> rules)
    {
        var byTarget = new Dictionary<string, LogRule>(StringComparer.OrdinalIgnoreCase) { [""] = new("", LogLevel.Error) };
        foreach (var rule in rules)
            byTarget[rule.Target] = rule;

        _default = byTarget[""].Level;
        _longestFirst = [.. byTarget.Values.Where(rule => !rule.IsDefault).OrderByDescending(rule => rule.Target.Length)];
    }

    /// <summary>Whether a category is one of the platform's rather than ours.</summary>
    public static bool IsFramework(string category) => Array.Exists(FrameworkRoots, root => new LogRule(root, default).Covers(category));

    /// <summary>The lowest level written for a category: that of the longest target that covers it.</summary>
    public LogLevel LevelFor(string category)
    {
        foreach (var rule in _longestFirst)
        {
            if (rule.Covers(category)) return rule.Level == LogLevel.Information && DumpTarget.Is(category) && !DumpTarget.Is(rule.Target) ? LogLevel.Warning : rule.Level;
        }

        if (_default == LogLevel.Information && DumpTarget.Is(category)) return LogLevel.Warning;
        // Someone who asks for debug wants to see the gateway, not the insides of its web server.
        return _default < LogLevel.Warning && IsFramework(category) ? LogLevel.Warning : _default;
    }

    /// <summary>The table in the form in which levels are written: <c>warn,harmony.http=debug</c>.</summary>
    public override string ToString()
        => string.Join(',', _longestFirst.Reverse().Prepend(new LogRule("", _default)));
}
