using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Modules.Dicom.Requests;

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
        if (request.Target?.Metadata.TryGetValue(DicomMetadataKeys.DimseOp, out var forTarget) == true) return Named(forTarget);
        var isDimse = request.Protocol == "dimse";
        if (request.MetadataIfSet(DicomMetadataKeys.DimseOp) is { } ofRequest)
        {
            var operation = Named(ofRequest);
            // Where the objects go after that is the affair of who asked by DIMSE; how they get here is the backend's.
            return isDimse && operation is DimseOperation.Get or DimseOperation.Move ? retrieveMode : operation;
        }

        var path = (request.Target?.Path ?? request.PathBelowPrefix).AsSpan().TrimEnd('/');
        return DimseOperations.TryParse(path[(path.LastIndexOf('/') + 1)..], out var inPath) ? inPath : retrieveMode;
    }

    private static DimseOperation Named(string text) => DimseOperations.TryParse(text, out var operation)
        ? operation
        : throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, "the metadata 'dimse_op' that a middleware set is none of echo, find, get, move and store");
}
