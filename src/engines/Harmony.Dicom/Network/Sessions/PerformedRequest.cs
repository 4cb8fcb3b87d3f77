using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>A request of the peer, to be performed.</summary>
/// <param name="Request">The request.</param>
/// <param name="Context">The presentation context it came in.</param>
/// <param name="DataSet">Its data set as it comes; null if it has none.</param>
/// <param name="CancelRequested">Trips at C-CANCEL.</param>
internal sealed record IncomingRequest(DimseRequest Request, PresentationContext Context, PipeReader? DataSet, CancellationToken CancelRequested);

/// <summary>A request of the peer that is being performed, or waits for those before it. C-CANCEL ends it, once it is performed.</summary>
internal sealed class PerformedRequest : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _canceled = new();
    private bool _isDisposed;

    public PerformedRequest(IncomingRequest incoming) => Incoming = incoming with { CancelRequested = _canceled.Token };

    /// <summary>The request.</summary>
    public IncomingRequest Incoming { get; }

    /// <summary>Whether too many wait for this one to be performed.</summary>
    public bool IsRefused { get; set; }

    public Task CancelAsync()
    {
        lock (_lock) return _isDisposed ? Task.CompletedTask : _canceled.CancelAsync();
    }

    public void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _canceled.Dispose();
    }
}

/// <summary>Sends C-STORE.</summary>
internal static class StoreSender
{
    /// <summary>Warns that a lossy copy was stored instead of the object, so that the sender does not delete the original.</summary>
    private static readonly DimseResult Derived = new(DimseStatus.CoercionOfDataElements, "stored as a derived object of another UID");

    /// <summary>Sends an object in the best context that was accepted; one that has to be encoded anew is encoded before anything is sent.</summary>
    /// <exception cref="NoPresentationContextException">There is none.</exception>
    /// <exception cref="ObjectEncodingException">The object can be encoded in none that was accepted.</exception>
    public static async ValueTask<DimseResult> StoreAsync(
        DimseSession session, AssociationInfo association, SopInstance instance, MoveOriginator? originator, DimsePriority priority, CancellationToken ct)
    {
        ObjectEncodingException? unsuitable = null;
        foreach (var context in SuitableFor(association, instance))
        {
            try
            {
                using var encoded = await instance.EncodedAsync(context.TransferSyntax, ct);
                var result = await SendAsync(session, context, encoded.Instance, originator, priority, ct);
                return encoded.Instance.SopInstanceUid == instance.SopInstanceUid || !result.Status.IsSuccess ? result : Derived;
            }
            catch (ObjectEncodingException e)
            {
                unsuitable = e;
            }
        }

        if (unsuitable is not null) throw unsuitable;
        var others = instance.TransferSyntax.IsEncapsulated ? ", which is sent as it is" : " or another uncompressed transfer syntax";
        throw new NoPresentationContextException(instance.SopClassUid, $"in {NameOf(instance.TransferSyntax)}{others}");
    }

    /// <summary>The contexts that an object can be sent in, the best first: that of its own transfer syntax.</summary>
    private static IEnumerable<PresentationContext> SuitableFor(AssociationInfo association, SopInstance instance) => association.PresentationContexts
        .Where(c => c is { IsAccepted: true, IsScu: true } && c.AbstractSyntax == instance.SopClassUid && instance.CanBeSentAs(c.TransferSyntax))
        .OrderBy(c => instance.RankOf(c.TransferSyntax));

    private static async ValueTask<DimseResult> SendAsync(
        DimseSession session, PresentationContext context, SopInstance instance, MoveOriginator? originator, DimsePriority priority, CancellationToken ct)
    {
        var request = new CStoreRequest
        {
            SopClassUid = instance.SopClassUid, SopInstanceUid = instance.SopInstanceUid, Priority = priority, MoveOriginator = originator
        };
        using var invocation = await session.InvokeAsync(context, request, (to, stopped) => instance.WriteAsync(to, context.TransferSyntax, stopped), ct);
        return (await invocation.NextAsync(ct)).Response.Result;
    }

    private static string NameOf(TransferSyntax syntax) => syntax.Keyword.Length > 0 ? syntax.Keyword : syntax.Uid;
}
