using System.Collections;

namespace Harmony.Core.Configuration;

/// <summary>Collects every problem of a configuration, so that its author sees them all at once.</summary>
public sealed class ConfigProblems : IReadOnlyCollection<ConfigProblem>
{
    private readonly List<ConfigProblem> _all = [];
    private readonly HashSet<ConfigProblem> _known = [];

    /// <summary>Whether anything collected so far keeps the configuration from running.</summary>
    public bool HasErrors { get; private set; }

    /// <inheritdoc/>
    public int Count => _all.Count;

    /// <summary>Adds an error.</summary>
    public void Error(SourceLocation location, string message) => Add(new ConfigProblem(ConfigSeverity.Error, location, message));

    /// <summary>Adds a warning.</summary>
    public void Warning(SourceLocation location, string message) => Add(new ConfigProblem(ConfigSeverity.Warning, location, message));

    /// <summary>Adds what keeps this machine from running the configuration.</summary>
    public void Obstacle(SourceLocation location, string message) => Add(new ConfigProblem(ConfigSeverity.Obstacle, location, message));

    /// <summary>Adds what is not there and closes what needs it.</summary>
    public void Gap(SourceLocation location, string message) => Add(new ConfigProblem(ConfigSeverity.Gap, location, message));

    /// <summary>Makes errors of obstacles, for those who are about to run the configuration.</summary>
    /// <returns>Whether there were any.</returns>
    public bool RaiseObstacles() => Raise(p => p.Severity == ConfigSeverity.Obstacle);

    /// <summary>Makes errors of gaps, for those who have something running that they would close.</summary>
    /// <param name="known">What is wrong with the configuration that runs: its own gaps are no reason to keep it.</param>
    /// <returns>Whether there were others.</returns>
    public bool RaiseGaps(IReadOnlyCollection<ConfigProblem> known)
        => Raise(p => p.Severity == ConfigSeverity.Gap && !known.Any(k => k.Severity == ConfigSeverity.Gap && k.Message == p.Message));

    /// <summary>Adds <paramref name="problem"/> unless the very same one is there already.</summary>
    public void Add(ConfigProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (!_known.Add(problem)) return;
        _all.Add(problem);
        HasErrors |= problem.Severity == ConfigSeverity.Error;
    }

    /// <summary>In the order in which they were found.</summary>
    public IEnumerator<ConfigProblem> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool Raise(Predicate<ConfigProblem> matches)
    {
        var raised = false;
        for (var i = 0; i < _all.Count; i++)
        {
            if (!matches(_all[i])) continue;
            _all[i] = _all[i] with { Severity = ConfigSeverity.Error };
            raised = true;
        }

        HasErrors |= raised;
        return raised;
    }
}
