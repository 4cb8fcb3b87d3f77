namespace Harmony.Core.Configuration;

/// <summary><c>[logging]</c>: what is logged and where to. <c>HARMONY_LOG</c> and <c>RUST_LOG</c> overrule the level.</summary>
public sealed record LoggingSection : ConfigNode
{
    /// <summary>Least level that is logged.</summary>
    [AllowedValues("trace", "debug", "info", "warn", "error")]
    public string LogLevel { get; init; } = "error";

    /// <summary>Whether a file is written besides standard output.</summary>
    public bool LogToFile { get; init; }

    /// <summary>That file, relative to the working directory; lines are added to what is there.</summary>
    public string? LogFilePath { get; init; }

    /// <summary>Lines for people, or one JSON object a line.</summary>
    [AllowedValues("text", "json")]
    public string Format { get; init; } = "text";

    /// <summary>A line for each request, apart from the log.</summary>
    public AccessLogSection Access { get; init; } = new();
}
