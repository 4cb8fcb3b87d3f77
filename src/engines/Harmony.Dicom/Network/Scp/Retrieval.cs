using Harmony.Dicom.Network.Dimse;

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
