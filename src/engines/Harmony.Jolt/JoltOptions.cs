using System.Text.Json.Nodes;

namespace Harmony.Jolt;

/// <summary>Clock, identifiers and limits of a chain.</summary>
public sealed record JoltOptions
{
    /// <summary>The defaults: the system's clock, random identifiers, the limits named below.</summary>
    public static readonly JoltOptions Default = new();

    /// <summary>Time of <c>${now}</c>. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Value of <c>${uuid}</c>. Default: a random UUID, version 4.</summary>
    public Func<Guid> NewGuid { get; init; } = Guid.NewGuid;

    /// <summary>Deepest nesting of a document, a spec and a result. Default 512, 1 to 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 to 1,000.</exception>
    public int MaxDepth
    {
        get;
        init => field = value is > 0 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "expected 1 to 1,000");
    } = 512;

    /// <summary>
    /// Whether an object of a document may have two members with the same name; then the last is used. False is safer if other programs read the same document
    /// and may use the first. Default true.
    /// </summary>
    public bool AllowDuplicateMembers { get; init; } = true;

    /// <summary>Most values that an index in a spec or a document may extend an array to. Default 100,000.</summary>
    public int MaxArrayLength { get; init; } = 100_000;

    /// <summary>
    /// Most values (visited, created or written) and characters (made) of one application, plus sixteen for each byte of its input. Default 2,000,000.
    /// </summary>
    public int WorkLimit { get; init; } = 2_000_000;
}

/// <summary>Sees the document after each operation of a chain.</summary>
public interface IJoltTrace
{
    /// <summary>Called after an operation.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="operation">Its name.</param>
    /// <param name="document">The document it left, a copy of its own.</param>
    void AfterOperation(int index, string operation, JsonNode? document);
}
