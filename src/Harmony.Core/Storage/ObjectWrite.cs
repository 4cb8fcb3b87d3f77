namespace Harmony.Core.Storage;

/// <summary>What happens to an object whose name is taken. The same bytes once more are never written twice.</summary>
public enum IfExists
{
    /// <summary>Both stay: the new one gets a name of its own, <c>a~2.dcm</c>.</summary>
    Version,

    /// <summary>The old one stays, the new one is dropped.</summary>
    Keep,

    /// <summary>The new one takes the place of the old one.</summary>
    Overwrite,

    /// <summary>The old one stays and the write is refused, whatever the bytes are: <see cref="WriteOutcome.Refused"/>.</summary>
    Refuse,
}

/// <summary>How an object is written.</summary>
/// <param name="IfExists">What happens where there is an object of that name.</param>
public sealed record ObjectWrite(IfExists IfExists)
{
    /// <summary>The media type that is kept with the object; null for the one that follows from its name (<see cref="ObjectContentType"/>).</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// Entity tags, or <c>*</c>, as <c>If-Match</c> has them: the write is refused where the object that is there has none of them, or where there is none.
    /// Goes with <see cref="IfExists.Overwrite"/>. Null for no condition.
    /// </summary>
    public string? IfMatch { get; init; }
}

/// <summary>What became of an object that was to be written.</summary>
public enum WriteOutcome
{
    /// <summary>It is written.</summary>
    Written,

    /// <summary>Nothing was written: it was there already, or another one of its name was to stay.</summary>
    WasThere,

    /// <summary>Nothing was written: the condition of the write does not hold.</summary>
    Refused,
}

/// <summary>What became of an object that was to be written.</summary>
/// <param name="Name">The name it can be read by.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Outcome">Whether it was written.</param>
/// <param name="ETag">The entity tag of what is there now; empty where nothing was written and the store was not asked.</param>
public readonly record struct WrittenObject(ObjectName Name, long Length, WriteOutcome Outcome, string ETag);
