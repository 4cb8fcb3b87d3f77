using Harmony.Core.Envelope;
using Harmony.Dicom.Web.Multipart;
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
