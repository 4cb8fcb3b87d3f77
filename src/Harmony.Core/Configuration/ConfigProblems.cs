using System.Collections;

namespace Harmony.Core.Configuration;

/// <summary>A place in a configuration file. Line and column count from 1, columns in Unicode code points.</summary>
/// <param name="File">The file as the user would name it, relative to the working directory where that is shorter.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column, from 1; 0 when the whole line is meant.</param>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <summary>The place of something that no file holds: a default, a command-line argument.</summary>
    public static readonly SourceLocation None = new("", 0, 0);

    /// <summary>The form compilers use and editors can jump to: <c>file(line,col)</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}

/// <summary>How much a <see cref="ConfigProblem"/> matters.</summary>
public enum ConfigSeverity
{
    /// <summary>The configuration runs; something in it has no effect or is not what it seems.</summary>
    Warning,

    /// <summary>
    /// Something that the configuration names is not there, and what needs it is closed; the rest runs. A warning, but to a reload, which would
    /// close what serves, an error.
    /// </summary>
    Gap,

    /// <summary>
    /// The configuration is sound, but not on this machine: a library or a file is missing. A warning to those who check it, who may do so
    /// elsewhere; an error to those who want to run it.
    /// </summary>
    Obstacle,

    /// <summary>The configuration cannot run.</summary>
    Error,
}

/// <summary>A problem of a configuration, described so that its author can correct it.</summary>
/// <param name="Severity">Whether the configuration can run all the same.</param>
/// <param name="Location">Location in the file.</param>
/// <param name="Message">The found text, the expected one, and the nearest known name. One sentence, lower case, no full stop.</param>
public sealed record ConfigProblem(ConfigSeverity Severity, SourceLocation Location, string Message)
{
    /// <summary><c>file(line,col): error: message</c>.</summary>
    public override string ToString()
    {
        var word = Severity == ConfigSeverity.Error ? "error" : "warning";
        return Location.File.Length == 0 ? $"{word}: {Message}" : $"{Location}: {word}: {Message}";
    }
}

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
    /// <param name="known">The problems of the running configuration: its own gaps are no reason to keep it.</param>
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
