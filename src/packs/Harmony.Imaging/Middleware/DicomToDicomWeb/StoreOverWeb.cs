using Harmony.Core.Envelope;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary>C-STORE as STOW-RS: one part, which streams from the association to the server.</summary>
internal static class StoreRequest
{
    public static async ValueTask WriteAsync(RequestEnvelope request, long limit, CancellationToken ct)
    {
        var framing = new MultipartFraming(Boundary.Create(), DicomMediaType.Object);
        var target = request.Target ??= new TargetDetails();
        target.Method = "POST";
        target.Path = "/studies";
        target.Query = "";
        target.Headers.Set("accept", DicomMediaType.Json);
        var content = await ObjectOf(request, limit, ct);
        var begin = framing.Begin(DicomMediaType.Object);
        request.Headers.Set("content-type", framing.ContentType);
        request.Body.Replace(new Around(begin, content, framing.End()), length: null);
    }

    /// <summary>The object, with what steps have put into the place of its data set.</summary>
    private static async ValueTask<Stream> ObjectOf(RequestEnvelope request, long limit, CancellationToken ct)
    {
        if (!request.Body.HasView || !request.Body.IsReplaced || request.Feature<DicomObject>() is not { } dicom) return request.Body.OpenStream();
        return dicom.Apply(await request.Body.ReadJsonAsync(limit, ct)) ?? request.Body.OpenStream();
    }
}

/// <summary>The DIMSE status for a server's report of a stored object: success only if the report names the object as stored.</summary>
internal static class StoreResponse
{
    public static async ValueTask ReadAsync(ResponseEnvelope response, long limit, CancellationToken ct)
    {
        if (response.Status is not (200 or 202 or 409)) return; // the status says it
        if (!response.Request.Metadata.TryGetValue(DicomMetadataKeys.SopInstanceUid, out var uid)) return;
        var told = await ReportAsync(response, limit, ct) is { } report ? StoreReport.Find(report, uid) : null;
        // A server that does not say that it has the object may not have it, and the sender deletes its copy.
        new DimseOutcome(told ?? DimseStatus.ProcessingFailure).AddTo(response);
    }

    private static async ValueTask<DicomDataSet?> ReportAsync(ResponseEnvelope response, long limit, CancellationToken ct)
    {
        var bytes = await response.Body.ReadBytesAsync(limit, ct);
        try
        {
            if (response.Headers["content-type"]?.Contains("xml", StringComparison.OrdinalIgnoreCase) == true) return NativeXmlReader.Read(bytes);
            return DicomJsonReader.ReadAll(bytes) is [var report, ..] ? report : null;
        }
        catch (DicomFormatException)
        {
            return null;
        }
    }
}
