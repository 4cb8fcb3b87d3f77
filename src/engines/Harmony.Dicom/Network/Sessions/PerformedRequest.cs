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
    public static async ValueTask<DimseResult> StoreAsync(
        DimseSession session, AssociationInfo association, SopInstance instance, MoveOriginator? originator, DimsePriority priority, CancellationToken ct)
    {
        var context = Choose(association, instance);
        var request = new CStoreRequest
        {
            SopClassUid = instance.SopClassUid, SopInstanceUid = instance.SopInstanceUid, Priority = priority, MoveOriginator = originator
        };
        using var invocation = await session.InvokeAsync(context, request, (to, stopped) => instance.WriteAsync(to, context.TransferSyntax, stopped), ct);
        return (await invocation.NextAsync(ct)).Response.Result;
    }

    /// <summary>The context of the object's own transfer syntax, else one that it can be sent in.</summary>
    /// <exception cref="NoPresentationContextException">There is none.</exception>
    public static PresentationContext Choose(AssociationInfo association, SopInstance instance)
    {
        PresentationContext? other = null;
        foreach (var context in association.PresentationContexts)
        {
            if (!context.IsAccepted || !context.IsScu || context.AbstractSyntax != instance.SopClassUid) continue;
            if (context.TransferSyntax.Uid == instance.TransferSyntax.Uid) return context;
            // Explicit VR keeps what implicit VR would lose of private elements; little endian is what everybody tests with.
            if (instance.CanBeSentAs(context.TransferSyntax) && (other is null || Rank(context.TransferSyntax) < Rank(other.TransferSyntax))) other = context;
        }

        var others = instance.TransferSyntax.IsEncapsulated ? ", which is sent as it is" : " or another uncompressed transfer syntax";
        return other ?? throw new NoPresentationContextException(instance.SopClassUid, $"in {NameOf(instance.TransferSyntax)}{others}");
    }

    private static int Rank(TransferSyntax syntax) => (syntax.IsExplicitVr ? 0 : 1) + (syntax.IsBigEndian ? 2 : 0) + (syntax.IsDeflated ? 4 : 0);

    private static string NameOf(TransferSyntax syntax) => syntax.Keyword.Length > 0 ? syntax.Keyword : syntax.Uid;
}
