using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Imaging.Services.DicomScp;

namespace Harmony.Imaging.Dicom.Requests;

/// <summary>
/// Finds out what a request wants done: metadata <c>dimse_op</c> for the target, then of the request, then the last segment of the path,
/// then the backend's own way to retrieve.
/// </summary>
internal static class OperationChoice
{
    /// <param name="request">The request.</param>
    /// <param name="retrieveMode"><c>dimse_retrieve_mode</c> of the backend.</param>
    /// <exception cref="GatewayException">A step has set <c>dimse_op</c> to something else.</exception>
    public static DimseOperation Of(RequestEnvelope request, DimseOperation retrieveMode)
    {
        if (DimseCall.Of(request).Operation is { } operation)
        {
            // Where the objects go after that is the affair of the endpoint that was asked; how they get here is the backend's, unless a step
            // chose for its target.
            var isOfEndpoint = request.Feature<DimseCall>() is not null || request.Protocol == DicomScpEndpoint.ProtocolName;
            var isOfTarget = request.Target?.Metadata.ContainsKey(DicomMetadataKeys.DimseOp) == true;
            return isOfEndpoint && !isOfTarget && operation is DimseOperation.Get or DimseOperation.Move ? retrieveMode : operation;
        }

        var path = (request.Target?.Path ?? request.PathBelowPrefix).AsSpan().TrimEnd('/');
        return DimseOperations.TryParse(path[(path.LastIndexOf('/') + 1)..], out var inPath) ? inPath : retrieveMode;
    }
}
