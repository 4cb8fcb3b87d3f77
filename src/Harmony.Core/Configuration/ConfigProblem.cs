namespace Harmony.Core.Configuration;

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

/// <summary>One thing that is wrong with a configuration, in words that let its author mend it.</summary>
/// <param name="Severity">Whether the configuration can run all the same.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Message">What was found, what was expected, what is nearest. One sentence, lower case, no full stop.</param>
public sealed record ConfigProblem(ConfigSeverity Severity, SourceLocation Location, string Message)
{
    /// <summary><c>file(line,col): error: message</c>.</summary>
    public override string ToString()
    {
        var word = Severity == ConfigSeverity.Error ? "error" : "warning";
        return Location.File.Length == 0 ? $"{word}: {Message}" : $"{Location}: {word}: {Message}";
    }
}
