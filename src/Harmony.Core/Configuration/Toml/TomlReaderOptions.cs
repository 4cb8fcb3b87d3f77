namespace Harmony.Core.Configuration.Toml;

/// <summary>What <see cref="TomlReader"/> accepts.</summary>
public sealed record TomlReaderOptions
{
    /// <summary>Whether an unquoted value may start with <c>$</c> and is then read as a <see cref="TomlVariable"/>. Off: TOML 1.0 and nothing else.</summary>
    public bool AllowVariables { get; init; }

    /// <summary>How many arrays and tables may stand inside one another, by brackets or by dotted keys. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;
}
