using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A C-FIND, C-GET or C-MOVE.</summary>
/// <typeparam name="TRequest">The kind of request.</typeparam>
public sealed class QueryOperation<TRequest> : Operation<TRequest>
    where TRequest : DimseRequest
{
    internal QueryOperation(TRequest request, DicomDataSet identifier, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        : base(request, association, context, cancelRequested) => Identifier = identifier;

    /// <summary>What is looked for.</summary>
    public DicomDataSet Identifier { get; }
}
