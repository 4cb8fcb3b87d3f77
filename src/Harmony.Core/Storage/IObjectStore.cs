namespace Harmony.Core.Storage;

/// <summary>
/// Keeps objects under names. An object is there whole or not at all: readers never see half of one, and one that was acknowledged is there
/// after a loss of power, as far as the store is configured to wait for that. Safe for concurrent use.
/// </summary>
public interface IObjectStore : IDisposable
{
    /// <summary>What it is, for people: a folder, a bucket.</summary>
    string Description { get; }

    /// <summary>Writes an object.</summary>
    /// <param name="name">Where to.</param>
    /// <param name="content">Read to its end, piece by piece; never held in memory.</param>
    /// <param name="ifExists">What happens where there is an object of that name.</param>
    /// <param name="ct">Ends the wait for the sender. Nothing is left behind then.</param>
    /// <returns>Under which name it is, once it is safe.</returns>
    /// <exception cref="Faults.GatewayException"><see cref="Faults.FaultKind.StorageFull"/> or <see cref="Faults.FaultKind.Internal"/>; nothing is left behind.</exception>
    /// <exception cref="IOException">The content broke off; nothing is left behind. Any other exception of the content passes as it is, too.</exception>
    ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, IfExists ifExists, CancellationToken ct);

    /// <summary>Opens an object; null where there is none.</summary>
    /// <exception cref="Faults.GatewayException">It is there and cannot be read.</exception>
    ValueTask<StoredObject?> OpenAsync(ObjectName name, CancellationToken ct);

    /// <summary>Takes away what writers left behind that ended in the middle. What somebody is writing now stays.</summary>
    /// <returns>How many such leftovers there were.</returns>
    int CleanUp();
}
