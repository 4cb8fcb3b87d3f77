using Harmony.Core.Envelope;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Web.Media;
using Harmony.Dicom.Web.Objects;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>WADO-RS bulk data: one value, or all values, or the pixel data, of an instance, a series or a study (CP-2040). Compressed pixel data are a part for each frame.</summary>
internal sealed class BulkDataWork(BridgeSettings settings, DicomWebRequest web)
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
        var pieces = PiecesAsync(source, ct).GetAsyncEnumerator(ct);
        if (!await pieces.MoveNextAsync()) return await RefuseAsync(source, pieces, await IsKnownAsync() ? NoValue(request) : RetrieveWork.NoSuch(request));
        var first = pieces.Current;
        var mayBeSingle = web.Resource.BulkPath is not null && first.IsAlone;
        if (Choose(first.Syntax, mayBeSingle) is not { } isSingle)
        {
            return await RefuseAsync(source, pieces, WebProblem.NotAcceptable(request, FramesWork.Given(first.Syntax)));
        }

        var response = PartsAnswer.Of(request, await first.OpenAsync(ct), NextAsync, new Both(pieces, source), isSingle ? null : FrameMedia.Of(first.Syntax));
        if (isSingle) response.Headers.Add("etag", $"\"{first.Tag}\"");
        return response;

        async ValueTask<StreamedObject?> NextAsync() => await pieces.MoveNextAsync() ? await pieces.Current.OpenAsync(ct) : null;

        ValueTask<bool> IsKnownAsync() => new(_hasSeen);
    }

    private bool _hasSeen;

    /// <summary>A value by itself is given as it is, whatever asks for it; browsers send no more than a wild card.</summary>
    private bool? Choose(TransferSyntax syntax, bool mayBeSingle)
    {
        foreach (var range in web.Wanted)
        {
            if (mayBeSingle && (range.Type is "*/*" or "application/*" || range.Includes(FrameMedia.Of(syntax))) && (range.Type == "*/*" || FrameMedia.Accepts(range.Type, range, syntax))) return true;
            if (range.Type is "multipart/related" or "multipart/*" or "*/*" && FrameMedia.Accepts(range.PartType ?? "*/*", range, syntax)) return false;
        }

        return null;
    }

    private async IAsyncEnumerable<BulkPiece> PiecesAsync(ObjectSource source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        while (await source.NextAsync() is { } shared)
        {
            _hasSeen = true;
            var file = await shared.ReadAsync(settings.BulkDataThreshold, ct);
            var at = $"{web.BaseUrl}/studies/{web.Resource.Study}/series/{shared.Series}/instances/{shared.SopInstanceUid}";
            foreach (var (path, element) in Wanted(file.DataSet))
            {
                if (element is not DicomFragments)
                {
                    yield return new BulkPiece(TransferSyntax.ExplicitVRLittleEndian, $"{shared.Tag}-{path}", IsAlone: true, async inner =>
                        Located(new StreamedObject(FrameMedia.Uncompressed, await BulkValues.OpenAsync(element, inner), BulkValues.LengthOf(element)), $"{at}/bulkdata/{path}"));
                    continue;
                }

                var frames = await FramesAsync(shared);
                for (var i = 1; i <= frames.Count; i++)
                {
                    var number = i;
                    yield return new BulkPiece(frames.Syntax, $"{shared.Tag}-{path}", frames.Count == 1, async inner =>
                        Located(new StreamedObject($"{FrameMedia.Of(frames.Syntax)}; transfer-syntax={frames.Syntax.Uid}", await frames.OpenAsync(number, inner), frames.LengthOf(number)), $"{at}/frames/{number}"));
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
    {
        try
        {
            return await shared.FramesAsync() ?? throw new DicomFramesException("there are none");
        }
        catch (Exception e) when (e is DicomFramesException or DicomFormatException)
        {
            throw new Core.Faults.GatewayException(Core.Faults.FaultSource.Backend, Core.Faults.FaultKind.Protocol, $"the frames of an object cannot be told apart: {e.Message}", e);
        }
    }

    private static StreamedObject Located(StreamedObject part, string location)
    {
        part.Properties["content-location"] = location;
        return part;
    }

    private ResponseEnvelope NoValue(RequestEnvelope request)
        => WebProblem.Answer(request, 404, web.Resource.BulkPath is null ? "There is no bulk data of this kind." : "The instance has no such value: ask for those to which BulkDataURI of its metadata refers.");

    private static async ValueTask<ResponseEnvelope> RefuseAsync(ObjectSource source, IAsyncDisposable pieces, ResponseEnvelope refusal)
    {
        await pieces.DisposeAsync();
        await source.DisposeAsync();
        return refusal;
    }

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
