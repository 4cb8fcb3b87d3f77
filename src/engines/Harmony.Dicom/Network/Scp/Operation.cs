using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>What a handler is given: a request, and where it comes from.</summary>
/// <typeparam name="TRequest">The kind of request.</typeparam>
public class Operation<TRequest>
    where TRequest : DimseRequest
{
    internal Operation(TRequest request, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        => (Request, Association, Context, CancelRequested) = (request, association, context, cancelRequested);

    /// <summary>The request.</summary>
    public TRequest Request { get; }

    /// <summary>The association it came by.</summary>
    public AssociationInfo Association { get; }

    /// <summary>The presentation context it came in.</summary>
    public PresentationContext Context { get; }

    /// <summary>Trips when the peer sends C-CANCEL; the token that handlers are given trips then too, and when the association ends.</summary>
    public CancellationToken CancelRequested { get; }
}
