using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Data.Middleware.LogDump;

/// <summary>The options of a <c>log_dump</c> middleware.</summary>
public sealed record LogDumpOptions : ConfigNode
{
    /// <summary>Which side is written: requests (<c>left</c>), answers (<c>right</c>) or both.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Both;

    /// <summary>Whether the JSON is indented.</summary>
    public bool Pretty { get; init; } = true;

    /// <summary>Bytes of a dump that are written; the rest is cut off.</summary>
    [AllowedRange(256, 16 * 1024 * 1024)]
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Header fields whose values are hidden, besides those of credentials and cookies.</summary>
    public IReadOnlyList<string> RedactHeaders { get; init; } = [];

    /// <summary>Metadata whose values are hidden.</summary>
    public IReadOnlyList<string> RedactMetadata { get; init; } = [];

    /// <summary>
    /// Members of bodies whose values are hidden: <c>patient.name</c> from the top, through arrays; <c>*</c> for any member; a name without
    /// a dot at every depth.
    /// </summary>
    public IReadOnlyList<string> RedactDataFields { get; init; } = [];

    /// <summary>A word that tells several dumps apart.</summary>
    public string? Label { get; init; }
}
