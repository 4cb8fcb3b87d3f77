using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Objects;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS frames, as they are stored: uncompressed, or compressed with the media type of the compression, never called anything else.</summary>
internal sealed class FramesWork(BridgeSettings settings, DicomWebRequest web)
{
    public ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
        => ObjectSource.AnswerAsync(request, archive, web, settings, (source, first) => AnswerAsync(request, source, first, ct), ct);

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, ObjectSource source, SharedObject shared, CancellationToken ct)
    {
        InstanceFrames? frames;
        try
        {
            frames = await shared.FramesAsync().WaitAsync(ct);
        }
        catch (DicomFramesException e)
        {
            return WebProblem.NotAcceptable(request, $"the object itself as {DicomMediaType.Object}; {e.Message}");
        }

        if (frames is null) return WebProblem.Answer(request, 404, "The instance has no frames: it has no pixel data.");
        var wanted = web.Resource.Frames;
        if (wanted.Any(f => f > frames.Count)) return WebProblem.Answer(request, 404, $"The instance has {frames.Count} frames.");
        if (Choose(web, frames.Syntax, wanted.Count == 1) is not { } isSingle)
        {
            return await TranscodeAsync(request, source, shared, frames, ct) ?? WebProblem.NotAcceptable(request, Given(frames.Syntax));
        }

        var (index, type) = (0, FrameMedia.Of(frames.Syntax));
        var response = PartsAnswer.Of(request, await PartAsync(frames, wanted[index], ct), NextAsync, source, isSingle ? null : type);
        if (wanted.Count == 1) response.Headers.Add("etag", $"\"{shared.Tag}-{wanted[0]}{(isSingle ? "" : "m")}\"");
        return response;

        async ValueTask<StreamedObject?> NextAsync() => ++index < wanted.Count ? await PartAsync(frames, wanted[index], ct) : null;
    }

    /// <summary>Frames in another transfer syntax than they are stored in, where that loses nothing.</summary>
    /// <returns>Null where the client takes none that can be made.</returns>
    private async ValueTask<ResponseEnvelope?> TranscodeAsync(
        RequestEnvelope request, ObjectSource source, SharedObject shared, InstanceFrames frames, CancellationToken ct)
    {
        var wanted = web.Resource.Frames;
        if (TargetOf(frames.Syntax, wanted.Count == 1) is not var (target, isSingle)) return null;
        try
        {
            var image = await DicomImage.OpenAsync(shared.Path, ct: ct);
            var (index, type) = (0, FrameMedia.Of(target));
            return PartsAnswer.Of(
                request, await EncodedAsync(0), async () => ++index < wanted.Count ? await EncodedAsync(index) : null, source, isSingle ? null : type);

            async ValueTask<StreamedObject> EncodedAsync(int at)
            {
                var bytes = await settings.Transcoder.EncodeFrameAsync(image, wanted[at], target, ct: ct);
                return new StreamedObject($"{type}; transfer-syntax={target.Uid}", new MemoryStream(bytes, writable: false), bytes.Length);
            }
        }
        catch (ImagingException e)
        {
            return WebProblem.Answer(request, ImagingStatuses.Of(e.Kind), $"{e.Message.TrimEnd('.')}. Acceptable would be: {Given(frames.Syntax)}.");
        }
    }

    /// <summary>The first transfer syntax that the client names, or means by octet-stream, and that frames can be given in.</summary>
    private (TransferSyntax Target, bool IsSingle)? TargetOf(TransferSyntax stored, bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            var isParts = range.Type == "multipart/related";
            if (!isParts && !mayBeSingle) continue;
            IEnumerable<string> named = range.TransferSyntaxes.Count > 0 ? range.TransferSyntaxes
                : (isParts ? range.PartType : range.Type) == FrameMedia.Uncompressed ? [TransferSyntax.ExplicitVRLittleEndian.Uid] : [];
            foreach (var uid in named)
            {
                if (!TransferSyntax.TryFind(uid, out var target) || !ImageTranscoder.CanTranscode(stored, target)) continue;
                return (target.IsEncapsulated ? target : TransferSyntax.ExplicitVRLittleEndian, !isParts);
            }
        }

        return null;
    }

    /// <summary>Whether the client takes frames of a transfer syntax.</summary>
    /// <returns>Whether as the whole body; null where it does not.</returns>
    public static bool? Choose(DicomWebRequest web, TransferSyntax syntax, bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            var isParts = range.Type is "multipart/related" or "multipart/*" or "*/*";
            if (!isParts && !(mayBeSingle && (range.Includes(FrameMedia.Of(syntax)) || range.TakesAnySyntax))) continue;
            if (FrameMedia.Accepts(isParts ? range.PartType ?? "*/*" : range.Type, range, syntax)) return !isParts;
        }

        return null;
    }

    /// <summary>The available forms, for a refusal.</summary>
    public static string Given(TransferSyntax syntax)
        => $"multipart/related; type=\"{FrameMedia.Of(syntax)}\"; transfer-syntax={syntax.Uid}, or with transfer-syntax=*; "
            + $"of one frame also {FrameMedia.Of(syntax)}; the object itself as {DicomMediaType.Object}";

    /// <summary>A frame as a part.</summary>
    public static async ValueTask<StreamedObject> PartAsync(InstanceFrames frames, int number, CancellationToken ct)
        => new($"{FrameMedia.Of(frames.Syntax)}; transfer-syntax={frames.Syntax.Uid}", await frames.OpenAsync(number, ct), frames.LengthOf(number));
}
