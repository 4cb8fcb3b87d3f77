using Harmony.Core.Content;

namespace Harmony.Core.Storage;

/// <summary>
/// Keeps objects under names. An object is there whole or not at all: readers never see half of one, and one that was acknowledged is there
/// after a loss of power, as far as the store is configured to wait for that. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Every member throws a <see cref="Faults.GatewayException"/> where the store fails: <see cref="Faults.FaultKind.StorageFull"/>,
/// <see cref="Faults.FaultKind.Unavailable"/> where another try makes sense, or <see cref="Faults.FaultKind.Internal"/>.
/// </remarks>
public interface IObjectStore : IDisposable
{
    /// <summary>Description of the store for people: a folder, a bucket.</summary>
    string Description { get; }

    /// <summary>Writes an object.</summary>
    /// <param name="name">Name of the object.</param>
    /// <param name="content">Read to its end, piece by piece; never held in memory.</param>
    /// <param name="how">What to do if an object of that name exists, and the properties of the new object.</param>
    /// <param name="ct">Ends the wait for the sender. Nothing is left behind then.</param>
    /// <returns>Under which name it is, once it is safe.</returns>
    /// <exception cref="IOException">The content broke off; nothing is left behind. Any other exception of the content passes as it is, too.</exception>
    ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct);

    /// <summary>The properties of an object without its bytes; null if there is no such object.</summary>
    ValueTask<ObjectStat?> StatAsync(ObjectName name, CancellationToken ct);

    /// <summary>Opens an object, or a part of it; null where there is none.</summary>
    /// <param name="name">Name of the object.</param>
    /// <param name="range">The part, which has to lie within the object; null for the whole.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<StoredObject?> OpenAsync(ObjectName name, ByteRange? range, CancellationToken ct);

    /// <summary>
    /// The objects whose names begin with a text, in the ordinal order of their names. Objects that come and go meanwhile may be there or not.
    /// </summary>
    /// <param name="prefix">The text; empty for all.</param>
    /// <param name="after">Only names behind this one; empty for all.</param>
    /// <param name="ct">Ends the listing.</param>
    IAsyncEnumerable<ObjectStat> ListAsync(string prefix, string after, CancellationToken ct);

    /// <summary>Deletes an object; false where there is none, as far as the store can tell.</summary>
    ValueTask<bool> DeleteAsync(ObjectName name, CancellationToken ct);

    /// <summary>Copies an object within the store, with its content type; null where there is none to copy.</summary>
    /// <param name="from">Name of the object to copy.</param>
    /// <param name="to">The name of the copy.</param>
    /// <param name="ifExists">What to do if an object of that name exists.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<WrittenObject?> CopyAsync(ObjectName from, ObjectName to, IfExists ifExists, CancellationToken ct);

    /// <summary>Deletes files that interrupted writers left behind. Files that are being written stay.</summary>
    /// <returns>How many such leftovers there were.</returns>
    ValueTask<int> CleanUpAsync(CancellationToken ct);
}

/// <summary>What to do with an object whose name is taken. The same bytes are never written twice.</summary>
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
/// <param name="IfExists">What to do if an object of that name exists.</param>
public sealed record ObjectWrite(IfExists IfExists)
{
    /// <summary>The media type that is kept with the object; null for the one that follows from its name (<see cref="ObjectContentType"/>).</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// Entity tags, or <c>*</c>, as <c>If-Match</c> has them: the write is refused if the existing object has another tag, or if there is no object.
    /// Goes with <see cref="IfExists.Overwrite"/>. Null for no condition.
    /// </summary>
    public string? IfMatch { get; init; }
}

/// <summary>The result of a write.</summary>
public enum WriteOutcome
{
    /// <summary>The object is written.</summary>
    Written,

    /// <summary>Nothing was written: it was there already, or another one of its name was to stay.</summary>
    WasThere,

    /// <summary>Nothing was written: the condition of the write does not hold.</summary>
    Refused,
}

/// <summary>The result of a write.</summary>
/// <param name="Name">The name it can be read by.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Outcome">Whether it was written.</param>
/// <param name="ETag">The entity tag of what is there now; empty where nothing was written and the store was not asked.</param>
public readonly record struct WrittenObject(ObjectName Name, long Length, WriteOutcome Outcome, string ETag);

/// <summary>The properties of an object without its bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ETag">Its strong entity tag, with the quotes (RFC 9110 §8.8.3): another one when the bytes change.</param>
/// <param name="Modified">When it was written.</param>
public sealed record ObjectStat(ObjectName Name, long Length, string ETag, DateTimeOffset Modified)
{
    /// <summary>Its media type; in a listing the one that follows from its name, as listings do not always say another.</summary>
    public string ContentType { get; init; } = ObjectContentType.Of(Name);
}

/// <summary>An object that was opened.</summary>
/// <param name="Content">Its bytes, or the requested part of them. The caller disposes the stream.</param>
/// <param name="Stat">The properties of the object when it was opened.</param>
public sealed record StoredObject(Stream Content, ObjectStat Stat);

/// <summary>The media types that follow from the names of objects.</summary>
public static class ObjectContentType
{
    /// <summary>For anything else.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The type by the extension of a name.</summary>
    public static string Of(ObjectName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Extension switch
        {
            "json" => "application/json",
            "xml" => "application/xml",
            "dcm" => "application/dicom",
            "zip" => "application/zip",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "csv" => "text/csv",
            "jpg" or "jpeg" => "image/jpeg",
            "png" => "image/png",
            _ => Unknown,
        };
    }
}
