using System.Globalization;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Dicom.Web.Multipart;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>The form that objects of a response are to have: a feature of the response that has them.</summary>
/// <param name="PartType">Media type of the parts; null for one object that is the whole body.</param>
internal sealed record PartsForm(string? PartType);

/// <summary>Writes the objects of a response as its body: one, or each as a part of <c>multipart/related</c> (PS3.18 §8.6.1.2). They stream.</summary>
internal static class PartsBody
{
    private const int Piece = 64 * 1024;

    public static async ValueTask WriteAsync(ResponseEnvelope response, CancellationToken ct)
    {
        var objects = response.Objects!.GetAsyncEnumerator(ct);
        if (!await objects.MoveNextAsync()) return; // nothing: the status says so
        var form = response.Feature<PartsForm>();
        if (form is { PartType: null })
        {
            WriteSingle(response, objects.Current);
            return;
        }

        var type = form?.PartType ?? objects.Current.ContentType.Split(';')[0];
        var framing = new MultipartFraming(Boundary.Create(), type);
        response.Headers.Set("content-type", framing.ContentType);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        response.Body.Replace(new ChunkStream(PartsAsync(objects, framing, stop.Token).GetAsyncEnumerator(stop.Token), stop, null), length: null);
    }

    private static void WriteSingle(ResponseEnvelope response, StreamedObject one)
    {
        response.Headers.Set("content-type", one.ContentType);
        var content = one.OpenStream();
        if (one.Length is not { } length)
        {
            response.Body.Replace(content, length: null);
            return;
        }

        response.Headers.Set("accept-ranges", "bytes");
        response.Headers.Set("content-length", length.ToString(CultureInfo.InvariantCulture));
        if (response.Status != 200 || WantedRange(response, length) is not { } range)
        {
            response.Body.Replace(content, length);
            return;
        }

        if (range.Length == 0)
        {
            response.Status = 416;
            response.Headers.Set("content-range", range.ContentRange(length));
            response.Headers.Remove("content-length");
            response.Body.Replace(ReadOnlyMemory<byte>.Empty);
            return;
        }

        response.Status = 206;
        response.Headers.Set("content-range", range.ContentRange(length));
        response.Headers.Set("content-length", range.Length.ToString(CultureInfo.InvariantCulture));
        response.Body.Replace(new RangeStream(content, range), range.Length);
    }

    private static ByteRange? WantedRange(ResponseEnvelope response, long length)
    {
        var headers = response.Request.Headers;
        if (response.Request.Method != "GET" || (headers["if-range"] is { } condition && condition != response.Headers["etag"])) return null;
        return ByteRange.Of(headers["range"], length);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PartsAsync(
        IAsyncEnumerator<StreamedObject> objects, MultipartFraming framing, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var buffer = new byte[Piece];
        do
        {
            var current = objects.Current;
            var content = current.OpenStream();
            yield return framing.Begin(
                current.ContentType, current.Properties.TryGetValue("content-location", out var location) ? location : null, current.Length);
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0) yield return buffer.AsMemory(0, read);
        }
        while (await objects.MoveNextAsync());
        yield return framing.End();
    }
}
