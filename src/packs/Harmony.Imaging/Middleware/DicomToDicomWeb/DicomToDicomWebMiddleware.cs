using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary><c>[middleware.NAME.options]</c> of a <c>dicom_to_dicomweb</c>: it has none.</summary>
public sealed record DicomToDicomWebOptions : ConfigNode;

/// <summary>
/// DIMSE in front of a server that speaks DICOMweb: C-FIND becomes a search, C-STORE is stored, C-GET and C-MOVE retrieve. The backend is a <c>dicomweb</c>
/// or an <c>http</c> one.
/// </summary>
internal sealed class DicomToDicomWebMiddleware(ContentLimitsSection limits) : IRequestMiddleware, IResponseMiddleware
{
    private readonly QueryReader _queries = new(limits);

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public IReadOnlyList<string> Words => ["C-FIND: GET /studies?…, /series, /instances", "C-STORE: POST /studies", "C-GET, C-MOVE: GET /studies/{study}…"];

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        var call = DimseCall.Of(request);
        switch (call.Operation)
        {
            case DimseOperation.Find:
                SearchRequest.Write(request, await _queries.ReadAsync(request, ct), call.MaxResults);
                break;
            case DimseOperation.Get or DimseOperation.Move:
                RetrieveRequest.Write(request, await _queries.ReadAsync(request, ct));
                break;
            case DimseOperation.Store:
                await StoreRequest.WriteAsync(request, limits.MaxBodySize, ct);
                break;
            default:
                throw new GatewayException(
                    FaultSource.Gateway, FaultKind.Internal,
                    "there is no DICOMweb request for the operation: dicom_to_dicomweb belongs behind a dicom_scp endpoint");
        }

        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        switch (DimseCall.Of(response.Request).Operation)
        {
            case DimseOperation.Find:
                SearchResponse.Shape(response);
                break;
            case DimseOperation.Get or DimseOperation.Move when response.Request.Feature<ListedPaths>() is not null && response is { Status: 200 }
                && response.Feature<ListedPaths>() is null:
                throw new GatewayException(
                    FaultSource.Gateway, FaultKind.Internal,
                    "lists of UIDs are retrieved from a backend of service 'dicomweb'; this one has given the first only");
            case DimseOperation.Store:
                await StoreResponse.ReadAsync(response, limits.MaxBodySize, ct);
                break;
        }
    }
}
