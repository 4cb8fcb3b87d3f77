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
    /// <summary>What it is, for people: a folder, a bucket.</summary>
    string Description { get; }

    /// <summary>Writes an object.</summary>
    /// <param name="name">Where to.</param>
    /// <param name="content">Read to its end, piece by piece; never held in memory.</param>
    /// <param name="how">What happens where there is an object of that name, and what the object is.</param>
    /// <param name="ct">Ends the wait for the sender. Nothing is left behind then.</param>
    /// <returns>Under which name it is, once it is safe.</returns>
    /// <exception cref="IOException">The content broke off; nothing is left behind. Any other exception of the content passes as it is, too.</exception>
    ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct);

    /// <summary>What is known of an object without its bytes; null where there is none.</summary>
    ValueTask<ObjectStat?> StatAsync(ObjectName name, CancellationToken ct);

    /// <summary>Opens an object, or a part of it; null where there is none.</summary>
    /// <param name="name">Which object.</param>
    /// <param name="range">The part, which has to lie within the object; null for the whole.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<StoredObject?> OpenAsync(ObjectName name, ByteRange? range, CancellationToken ct);

    /// <summary>The objects whose names begin with a text, in the ordinal order of their names. Objects that come and go meanwhile may be there or not.</summary>
    /// <param name="prefix">The text; empty for all.</param>
    /// <param name="after">Only names behind this one; empty for all.</param>
    /// <param name="ct">Ends the listing.</param>
    IAsyncEnumerable<ObjectStat> ListAsync(string prefix, string after, CancellationToken ct);

    /// <summary>Deletes an object; false where there is none, as far as the store can tell.</summary>
    ValueTask<bool> DeleteAsync(ObjectName name, CancellationToken ct);

    /// <summary>Copies an object within the store, with its content type; null where there is none to copy.</summary>
    /// <param name="from">Which object.</param>
    /// <param name="to">The name of the copy.</param>
    /// <param name="ifExists">What happens where there is an object of that name.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<WrittenObject?> CopyAsync(ObjectName from, ObjectName to, IfExists ifExists, CancellationToken ct);

    /// <summary>Takes away what writers left behind that ended in the middle. What somebody is writing now stays.</summary>
    /// <returns>How many such leftovers there were.</returns>
    ValueTask<int> CleanUpAsync(CancellationToken ct);
}
