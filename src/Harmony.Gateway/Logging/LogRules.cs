using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>One entry of a level specification: <c>harmony.http=debug</c>.</summary>
/// <param name="Target">The category, or the head of categories, it is about; empty for all that no other rule names.</param>
/// <param name="Level">The lowest level written.</param>
internal readonly record struct LogRule(string Target, LogLevel Level)
{
    /// <summary>Whether this is the level of everything that no other rule names.</summary>
    public bool IsDefault => Target.Length == 0;

    /// <summary>Whole segments only: <c>harmony.http</c> covers <c>harmony.http.client</c>, not <c>harmony.https</c>.</summary>
    public bool Covers(string category)
        => category.StartsWith(Target, StringComparison.OrdinalIgnoreCase)
            && (category.Length == Target.Length || category[Target.Length] == '.');

    /// <summary>The entry as one would write it.</summary>
    public override string ToString() => IsDefault ? LogLevelNames.NameOf(Level) : $"{Target}={LogLevelNames.NameOf(Level)}";
}

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
            if (rule.Covers(category))
                return rule.Level == LogLevel.Information && DumpTarget.Is(category) && !DumpTarget.Is(rule.Target) ? LogLevel.Warning : rule.Level;
        }

        if (_default == LogLevel.Information && DumpTarget.Is(category)) return LogLevel.Warning;
        // The level debug is meant for the gateway, not for the internals of its web server.
        return _default < LogLevel.Warning && IsFramework(category) ? LogLevel.Warning : _default;
    }

    /// <summary>The table in the form in which levels are written: <c>warn,harmony.http=debug</c>.</summary>
    public override string ToString()
        => string.Join(',', _longestFirst.Reverse().Prepend(new LogRule("", _default)));
}

/// <summary>
/// Which log lines are written. Three layers, each above the one before: the level of the configuration file, the environment
/// (<c>HARMONY_LOG</c>, else <c>RUST_LOG</c>), and the level set while the gateway runs. Entries for a target win over the
/// level for everything whatever their layer; the longest matching target wins. A <c>RUST_LOG</c> that names targets only stands instead of the file's level.
/// Safe for concurrent use.
/// </summary>
public sealed class LogLevels
{
    private static readonly string[] Variables = ["HARMONY_LOG", "RUST_LOG"];

    private readonly Lock _changes = new();
    private readonly IReadOnlyList<LogRule> _environment;
    private IReadOnlyList<LogRule> _configured = [];
    private IReadOnlyList<LogRule> _override = [];
    private string _overrideText = "";
    private bool _isFileIgnored;
    private volatile LogRules _current = new([]);

    private LogLevels(IReadOnlyList<LogRule> environment) => _environment = environment;

    /// <summary>The table in force; replaced as a whole by every change, so a reader compares references to see one.</summary>
    internal LogRules Current => _current;

    /// <summary>What <see cref="TryOverride"/> set, in its words; empty where nothing is set.</summary>
    public string Override
    {
        get
        {
            lock (_changes) return _overrideText;
        }
    }

    /// <summary>The levels of a start of the gateway.</summary>
    /// <param name="configLevel">The <c>log_level</c> of the file; null when it has none, which means <c>error</c>.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="problems">What could not be understood, one sentence each; the rest is in force.</param>
    public static LogLevels Create(string? configLevel, Func<string, string?> environment, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var found = new List<string>();
        var variable = Array.Find(Variables, name => !string.IsNullOrWhiteSpace(environment(name)));
        var levels = new LogLevels(variable is null ? [] : LogDirectives.Parse(variable, environment(variable), found));
        // Who sets RUST_LOG for a target wants that target alone, as programs do that have the variable by nature.
        levels._isFileIgnored = variable == "RUST_LOG" && levels._environment.Count > 0 && !levels._environment.Any(rule => rule.IsDefault);
        problems = [.. levels.Configure(configLevel), .. found];
        return levels;
    }

    /// <summary>Takes over the level of a configuration that was read again; the environment still wins. Returns the problems.</summary>
    public IReadOnlyList<string> Configure(string? configLevel)
    {
        var level = LogLevel.Error;
        IReadOnlyList<string> problems = configLevel is null || LogLevelNames.TryParse(configLevel, out level)
            ? []
            : [$"log_level: there is no level '{configLevel}'; use {LogLevelNames.Choices}"];
        if (problems.Count > 0) level = LogLevel.Error;

        lock (_changes)
        {
            _configured = [new LogRule("", level)];
            Rebuild();
        }

        return problems;
    }

    /// <summary>
    /// Changes levels of the running gateway, in the same words: <c>harmony.http=debug</c>. Replaces what was set this way
    /// before; empty takes it back. With any problem nothing changes.
    /// </summary>
    public bool TryOverride(string directives, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var rules = LogDirectives.Parse("levels", directives, found);
        problems = found;
        if (found.Count > 0) return false;

        lock (_changes)
        {
            (_override, _overrideText) = (rules, directives.Trim());
            Rebuild();
        }

        return true;
    }

    /// <summary>The lowest level that is written for a category; <see cref="LogLevel.None"/> when none is.</summary>
    public LogLevel LevelFor(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return _current.LevelFor(category);
    }

    /// <summary>What is in force, in the form in which it could be set: <c>warn,harmony.http=debug</c>.</summary>
    public override string ToString() => _current.ToString();

    private void Rebuild() => _current = new LogRules([.. _isFileIgnored ? [] : _configured, .. _environment, .. _override]);
}
