using Harmony.Core.Envelope;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Objects;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS frames, as they are stored: uncompressed, or compressed with the media type of the compression, never called anything else.</summary>
internal sealed class FramesWork(BridgeSettings settings, DicomWebRequest web)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (await ObjectSource.OpenAsync(archive, web, settings, ct) is not { } source) return RetrieveWork.NoSuch(request);
        try
        {
            return await RunAsync(request, source, ct);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, ObjectSource source, CancellationToken ct)
    {
        if (await source.NextAsync() is not { } shared) return await RefuseAsync(source, RetrieveWork.NoSuch(request));
        InstanceFrames? frames;
        try
        {
            frames = await shared.FramesAsync().WaitAsync(ct);
        }
        catch (Exception e) when (e is DicomFramesException or DicomFormatException)
        {
            return await RefuseAsync(source, WebProblem.NotAcceptable(request, $"the object itself as application/dicom; {e.Message}"));
        }

        if (frames is null) return await RefuseAsync(source, WebProblem.Answer(request, 404, "The instance has no frames: it has no pixel data."));
        var wanted = web.Resource.Frames;
        if (wanted.Any(f => f > frames.Count)) return await RefuseAsync(source, WebProblem.Answer(request, 404, $"The instance has {frames.Count} frames."));
        if (Choose(web, frames.Syntax, wanted.Count == 1) is not { } isSingle)
        {
            return await RefuseAsync(source, WebProblem.NotAcceptable(request, Given(frames.Syntax)));
        }

        var (index, type) = (0, FrameMedia.Of(frames.Syntax));
        var response = PartsAnswer.Of(request, await PartAsync(frames, wanted[index], ct), NextAsync, source, isSingle ? null : type);
        if (wanted.Count == 1) response.Headers.Add("etag", $"\"{shared.Tag}-{wanted[0]}{(isSingle ? "" : "m")}\"");
        return response;

        async ValueTask<StreamedObject?> NextAsync() => ++index < wanted.Count ? await PartAsync(frames, wanted[index], ct) : null;
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

    /// <summary>What can be given, for a refusal.</summary>
    public static string Given(TransferSyntax syntax)
        => $"multipart/related; type=\"{FrameMedia.Of(syntax)}\"; transfer-syntax={syntax.Uid}, or with transfer-syntax=*; of one frame also {FrameMedia.Of(syntax)}; the object itself as application/dicom";

    private static async ValueTask<StreamedObject> PartAsync(InstanceFrames frames, int number, CancellationToken ct)
        => new($"{FrameMedia.Of(frames.Syntax)}; transfer-syntax={frames.Syntax.Uid}", await frames.OpenAsync(number, ct), frames.LengthOf(number));

    private static async ValueTask<ResponseEnvelope> RefuseAsync(ObjectSource source, ResponseEnvelope refusal)
    {
        await source.DisposeAsync();
        return refusal;
    }
}
