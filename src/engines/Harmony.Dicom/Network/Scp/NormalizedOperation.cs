using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>One of the DIMSE-N requests: <see cref="NActionRequest"/>, <see cref="NEventReportRequest"/> and so on.</summary>
public sealed class NormalizedOperation : Operation<DimseRequest>
{
    internal NormalizedOperation(DimseRequest request, DicomDataSet? dataSet, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        : base(request, association, context, cancelRequested) => DataSet = dataSet;

    /// <summary>The data set of the request, if it has one.</summary>
    public DicomDataSet? DataSet { get; }
}
