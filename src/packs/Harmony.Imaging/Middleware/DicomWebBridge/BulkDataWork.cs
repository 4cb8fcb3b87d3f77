using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// WADO-RS bulk data: one value, or all values, or the pixel data, of an instance, a series or a study (CP-2040). Compressed pixel data are a part for each
/// frame.
/// </summary>
internal sealed class BulkDataWork(BridgeSettings settings, DicomWebRequest web)
{
    public ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
        => ObjectSource.AnswerAsync(request, archive, web, settings, (source, first) => AnswerAsync(request, source, first, ct), ct);

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, ObjectSource source, SharedObject shared, CancellationToken ct)
    {
        var pieces = PiecesAsync(source, shared, ct).GetAsyncEnumerator(ct);
        ResponseEnvelope? response = null;
        try
        {
            if (!await pieces.MoveNextAsync()) return NoValue(request);
            var first = pieces.Current;
            var mayBeSingle = web.Resource.BulkPath is not null && first.IsAlone;
            if (Choose(first.Syntax, mayBeSingle) is not { } isSingle) return WebProblem.NotAcceptable(request, FramesWork.Given(first.Syntax));
            response = PartsAnswer.Of(request, await first.OpenAsync(ct), NextAsync, new Both(pieces, source), isSingle ? null : FrameMedia.Of(first.Syntax));
            if (isSingle) response.Headers.Add("etag", $"\"{first.Tag}\"");
            return response;
        }
        finally
        {
            if (response is null) await pieces.DisposeAsync();
        }

        async ValueTask<StreamedObject?> NextAsync() => await pieces.MoveNextAsync() ? await pieces.Current.OpenAsync(ct) : null;
    }

    /// <summary>A single value is sent unchanged, whatever the client accepts; browsers send only a wild card.</summary>
    private bool? Choose(TransferSyntax syntax, bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            if (mayBeSingle && (range.Type == "*/*" || IsMeant(range, syntax))) return true;
            if (range.Type is "multipart/related" or "multipart/*" or "*/*" && FrameMedia.Accepts(range.PartType ?? "*/*", range, syntax)) return false;
        }

        return null;
    }

    private static bool IsMeant(MediaRange range, TransferSyntax syntax)
        => (range.Type == "application/*" || range.Includes(FrameMedia.Of(syntax))) && FrameMedia.Accepts(range.Type, range, syntax);

    private async IAsyncEnumerable<BulkPiece> PiecesAsync(ObjectSource source, SharedObject first, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var shared = first; shared is not null; shared = await source.NextAsync())
        {
            var file = await shared.ReadAsync(settings.BulkDataThreshold, ct);
            var at = web.UrlOf(web.Resource.Study!, shared.Series, shared.SopInstanceUid);
            foreach (var (path, element) in Wanted(file.DataSet))
            {
                var tag = $"{shared.Tag}-{path}";
                if (element is not DicomFragments)
                {
                    yield return new BulkPiece(TransferSyntax.ExplicitVRLittleEndian, tag, IsAlone: true, async inner =>
                        Located(
                            new StreamedObject(Value, await BulkValues.OpenAsync(element, inner), BulkValues.LengthOf(element)),
                            $"{at}/bulkdata/{path}"));
                    continue;
                }

                var frames = await FramesAsync(shared);
                for (var i = 1; i <= frames.Count; i++)
                {
                    var number = i;
                    yield return new BulkPiece(
                        frames.Syntax, tag, frames.Count == 1,
                        async inner => Located(await FramesWork.PartAsync(frames, number, inner), $"{at}/frames/{number}"));
                }
            }
        }
    }

    private IEnumerable<(string Path, DicomElement Element)> Wanted(DicomDataSet dataSet)
    {
        if (web.Resource.BulkPath is { } path) return BulkValues.Find(dataSet, path) is { } one and not DicomSequence ? [(path, one)] : [];
        if (web.Resource.Service == WebService.BulkData) return BulkValues.In(dataSet, settings.BulkDataThreshold);
        DicomTag[] pixels = [DicomTag.PixelData, DicomTag.FloatPixelData, DicomTag.DoubleFloatPixelData];
        return pixels.Where(dataSet.Contains).Take(1).Select(t => (t.ToHex(), BulkValues.Find(dataSet, t.ToHex())!));
    }

    private static async ValueTask<InstanceFrames> FramesAsync(SharedObject shared)
        => await shared.FramesAsync() ?? throw new DicomFramesException("there are none");

    private static StreamedObject Located(StreamedObject part, string location)
    {
        part.Properties["content-location"] = location;
        return part;
    }

    private ResponseEnvelope NoValue(RequestEnvelope request) => WebProblem.Answer(request, 404, web.Resource.BulkPath is null
        ? "There is no bulk data of this kind."
        : "The instance has no such value: ask for those to which BulkDataURI of its metadata refers.");

    /// <summary>How values are written that are not compressed.</summary>
    private static readonly string Value = $"{FrameMedia.Uncompressed}; transfer-syntax={TransferSyntax.ExplicitVRLittleEndian.Uid}";

    /// <summary>A value, or a frame of one.</summary>
    private sealed record BulkPiece(TransferSyntax Syntax, string Tag, bool IsAlone, Func<CancellationToken, ValueTask<StreamedObject>> OpenAsync);

    private sealed class Both(IAsyncDisposable first, IAsyncDisposable second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }
}
