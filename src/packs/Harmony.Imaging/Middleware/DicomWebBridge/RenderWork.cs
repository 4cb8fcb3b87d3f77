using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// WADO-RS rendered and thumbnail (PS3.18 §10.4.1.1.3, §10.4.1.1.4): of a series or study its middle instance, of video and PDF what a browser plays and
/// shows itself.
/// </summary>
internal sealed class RenderWork(BridgeSettings settings, DicomWebRequest web, ImageRenderer renderer)
{
    private const int MostThumbnail = 2048;

    /// <summary>Objects among which the middle one is looked for.</summary>
    private const int MostConsidered = 100_000;

    /// <summary>Objects that are opened to find one with pixels.</summary>
    private const int MostTried = 100;

    /// <summary>Values of more bytes stay in the file.</summary>
    private const int HeaderSize = 64 * 1024;

    private bool IsThumbnail => web.Resource.Service == WebService.Thumbnail;

    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (RenderQuery.Read(request.QueryParams, out var error) is not { } query) return WebProblem.Answer(request, 400, error!);
        var response = await ObjectSource.AnswerAsync(
            request, archive, web, settings, async (source, first) => await RenderAsync(request, source, await MiddleAsync(source, first, ct), query, ct), ct);
        foreach (var ignored in response.Status < 300 ? query.Ignored : []) web.Warn(response, ignored);
        return response;
    }

    /// <summary>
    /// The instance that stands for all: the middle one in the order of series, not of arrival, or the nearest that has pixels, since a report between the
    /// images shows nothing.
    /// </summary>
    private async ValueTask<SharedObject> MiddleAsync(ObjectSource source, SharedObject first, CancellationToken ct)
    {
        if (web.Resource.Instance is not null) return first;
        var all = new List<SharedObject> { first };
        while (await source.NextAsync() is { } shared)
        {
            if (all.Count < MostConsidered) all.Add(shared);
        }

        var ordered = all.OrderBy(o => o.Series, StringComparer.Ordinal).ToList();
        var middle = Representative.IndexOf(ordered.Count);
        foreach (var shared in ordered.Skip(middle).Concat(ordered.Take(middle).Reverse()).Take(MostTried))
        {
            if (DicomImage.HasPixels((await shared.ReadAsync(HeaderSize, ct)).DataSet)) return shared;
        }

        return ordered[middle];
    }

    private async ValueTask<ResponseEnvelope> RenderAsync(
        RequestEnvelope request, ObjectSource source, SharedObject shared, RenderQuery query, CancellationToken ct)
    {
        var file = await shared.ReadAsync(HeaderSize, ct);
        if (!IsThumbnail && await AsItIsAsync(request, source, shared, file, ct) is { } played) return played;
        var image = DicomImage.Of(file.DataSet, file.TransferSyntax);
        var frames = web.Resource.Frames.Count > 0 ? web.Resource.Frames : [Representative.FrameOf(image)];
        if (frames.Any(f => f > image.FrameCount)) return WebProblem.Answer(request, 404, $"The instance has {image.FrameCount} frames.");
        if (FormOf(frames.Count == 1) is not { } form) return WebProblem.NotAcceptable(request, "image/jpeg, image/png, image/gif");
        if (form.IsSingle)
        {
            var rendered = await FileAsync(image, frames[0], form.Format, query, ct);
            return Single(request, source, form.Type, rendered, $"{shared.Tag}-{form.Type}-{frames[0]}-{request.Query.GetHashCode(StringComparison.Ordinal)}");
        }

        var index = 0;
        return PartsAnswer.Of(request, await PartAsync(0), async () => ++index < frames.Count ? await PartAsync(index) : null, source, form.Type);

        async ValueTask<StreamedObject> PartAsync(int at)
        {
            var rendered = await FileAsync(image, frames[at], form.Format, query, ct);
            return new StreamedObject(form.Type, new MemoryStream(rendered, writable: false), rendered.Length);
        }
    }

    private ValueTask<byte[]> FileAsync(DicomImage image, int frame, ImageFileFormat format, RenderQuery query, CancellationToken ct)
    {
        var options = query.OptionsFor(image.Format.Columns, image.Format.Rows);
        if (!IsThumbnail) return renderer.RenderFileAsync(image, frame, format, options, query.Quality, ct);
        var (width, height) = (Math.Min(options.MaxWidth ?? 128, MostThumbnail), Math.Min(options.MaxHeight ?? 128, MostThumbnail));
        var small = options with { MaxWidth = width, MaxHeight = height, Enlarges = false, DrawsOverlays = false, KeepsIccProfile = false };
        return renderer.RenderFileAsync(image, frame, format, small, query.Quality, ct);
    }

    private (string Type, ImageFileFormat Format, bool IsSingle)? FormOf(bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            var wanted = range.Type == "multipart/related" ? range.PartType ?? "image/jpeg" : range.Type;
            var found = wanted switch
            {
                "image/jpeg" or "image/*" or "*/*" => ("image/jpeg", ImageFileFormat.Jpeg),
                "image/png" => ("image/png", ImageFileFormat.Png),
                "image/gif" => ("image/gif", ImageFileFormat.Gif),
                // Viewers ask so for everything, and take an image where they ask for one.
                FrameMedia.Uncompressed when range.TakesAnySyntax => ("image/jpeg", ImageFileFormat.Jpeg),
                _ => ((string, ImageFileFormat)?)null,
            };
            if (found is { } form)
            {
                return (form.Item1, form.Item2, mayBeSingle && (range.Type != "multipart/related" || range.PartType == FrameMedia.Uncompressed));
            }
        }

        return null;
    }

    /// <summary>Video, and encapsulated documents: a browser knows them as they are.</summary>
    private static async ValueTask<ResponseEnvelope?> AsItIsAsync(
        RequestEnvelope request, ObjectSource source, SharedObject shared, DicomFile file, CancellationToken ct)
    {
        if (file.DataSet.TryGet(DicomTag.EncapsulatedDocument, out var document))
        {
            var type = file.DataSet.GetString(DicomTag.MIMETypeOfEncapsulatedDocument) ?? "application/pdf";
            return await WholeAsync(request, source, type, document, $"{shared.Tag}-document", ct);
        }

        if (!FrameMedia.IsVideo(shared.Syntax) || !file.DataSet.TryGet(DicomTag.PixelData, out var video)) return null;
        return await WholeAsync(request, source, FrameMedia.Of(shared.Syntax) == "video/mpeg2" ? "video/mpeg" : "video/mp4", video, $"{shared.Tag}-video", ct);
    }

    private static async ValueTask<ResponseEnvelope> WholeAsync(
        RequestEnvelope request, ObjectSource source, string type, DicomElement element, string tag, CancellationToken ct)
    {
        var length = BulkValues.LengthOf(element);
        await using var content = await BulkValues.OpenAsync(element, ct);
        using var bytes = new MemoryStream(length is { } known and < int.MaxValue ? (int)known : 0);
        await content.CopyToAsync(bytes, ct);
        return Single(request, source, type, bytes.ToArray(), tag);
    }

    private static ResponseEnvelope Single(RequestEnvelope request, ObjectSource source, string type, byte[] bytes, string tag)
    {
        var response = PartsAnswer.Of(
            request, new StreamedObject(type, new MemoryStream(bytes, writable: false), bytes.Length), () => new((StreamedObject?)null), source, null);
        response.Headers.Add("etag", $"\"{tag}\"");
        return response;
    }
}
