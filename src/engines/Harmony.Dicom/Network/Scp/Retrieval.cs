using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scp;

/// <summary>
/// What a C-GET or C-MOVE brings. The library sends the objects one after another, tells the peer how far it is, stops at a C-CANCEL, and says at the end
/// which objects failed. It is disposed when that is done.
/// </summary>
public class Retrieval : IAsyncDisposable
{
    /// <summary>How many objects there are.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The objects, in the order in which they are sent. Each is sent before the next is asked for. One that cannot be read is
    /// <see cref="SopInstance.Unreadable"/>, not an exception: others may follow.
    /// </summary>
    public required IAsyncEnumerable<SopInstance> Instances { get; init; }

    /// <summary>Called when the sub-operations are done, or no further one is begun, with what is answered; not when the association ends before.</summary>
    public Action<DimseResult>? OnEnded { get; init; }

    /// <summary>Called when all is done or has failed, if there is something to free.</summary>
    public Func<ValueTask>? OnDispose { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (OnDispose is { } dispose) await dispose();
    }
}

/// <summary>The objects of a C-MOVE and their destination.</summary>
public sealed class MoveRetrieval : Retrieval
{
    /// <summary>Who gets the objects: an association with the destination, mostly (<see cref="Scu.ClientAssociation"/>).</summary>
    public required IStoreDestination Destination { get; init; }
}

/// <summary>Where objects of a C-MOVE go.</summary>
public interface IStoreDestination
{
    /// <summary>Stores one object.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="originator">Whose C-MOVE it is part of.</param>
    /// <param name="ct">Trips when the association of the C-MOVE ends; a C-CANCEL lets this object be stored and no further one.</param>
    /// <returns>How it went. An exception counts as a failure of this object.</returns>
    ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default);
}

/// <summary>Sends the objects of a C-GET to its requestor.</summary>
internal sealed class SameAssociation(DimseSession session, AssociationInfo association) : IStoreDestination
{
    public ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
        => StoreSender.StoreAsync(session, association, instance, originator, DimsePriority.Medium, ct);
}
