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

    /// <summary>Makes errors of obstacles, for those who are about to run the configuration.</summary>
    /// <returns>Whether there were any.</returns>
    public bool RaiseObstacles()
    {
        var raised = false;
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Severity != ConfigSeverity.Obstacle) continue;
            _all[i] = _all[i] with { Severity = ConfigSeverity.Error };
            raised = true;
        }

        HasErrors |= raised;
        return raised;
    }

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
}
