using System.Text.Json.Nodes;

namespace Harmony.Jolt;

/// <summary>What a chain needs from its surroundings, and the limits it works within.</summary>
public sealed record JoltOptions
{
    /// <summary>The defaults: the system's clock, random identifiers, the limits named below.</summary>
    public static readonly JoltOptions Default = new();

    /// <summary>Where <c>${now}</c> takes the time from. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where <c>${uuid}</c> takes its value from. Default: a random UUID, version 4.</summary>
    public Func<Guid> NewGuid { get; init; } = Guid.NewGuid;

    /// <summary>How deep a document, a spec and a result may nest. Default 512, at most 1,000.</summary>
    public int MaxDepth
    {
        get;
        init => field = value is > 0 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "expected 1 to 1,000");
    } = 512;

    /// <summary>
    /// Whether an object of a document may have two members of one name, of which the last counts. False is safer where others read the
    /// same document and may take the first. Default true.
    /// </summary>
    public bool AllowDuplicateMembers { get; init; } = true;

    /// <summary>How many values an array may be extended to by an index that a spec or a document names. Default 100,000.</summary>
    public int MaxArrayLength { get; init; } = 100_000;

    /// <summary>
    /// How many values (visited, created or written) and characters (made) one application may cost, whatever its input; sixteen more
    /// are granted for each byte of input. Default 2,000,000.
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
