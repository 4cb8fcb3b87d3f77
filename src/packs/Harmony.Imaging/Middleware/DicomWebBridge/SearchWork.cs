using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>QIDO-RS by C-FIND. When as much has come as was asked for, and one more to know whether there is, the query is cancelled.</summary>
internal sealed class SearchWork(BridgeSettings settings, DicomWebRequest web)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, IArchive archive, CancellationToken ct)
    {
        if (SearchAnswer.FormOf(web) is not { } form) return SearchAnswer.Refuse(request);
        var keys = await KeysAsync(request, ct);
        var results = settings.Searches is { } kept
            ? await kept.GetAsync(SearchCache.KeyOf(archive, request, web, form, keys), () => SearchAsync(archive, form, keys, ct))
            : await SearchAsync(archive, form, keys, ct);
        return SearchAnswer.Of(request, web, results);
    }

    private async ValueTask<SearchResults> SearchAsync(IArchive archive, string form, DicomDataSet keys, CancellationToken ct)
    {
        var search = web.Search!;
        var most = MostOf(settings, web);
        using var answer = new SearchAnswer(web, form);
        if (most == 0) return answer.End(isMore: false);
        var enough = (int)Math.Min(search.Offset + (long)most + 1, int.MaxValue);
        var (found, seen, isMore) = (new List<DicomDataSet>(), 0, false);
        await foreach (var match in new ArchiveSearch(archive, SearchPlan.ReturnKeys(web), web.Resource.Level, enough).FindAsync(web.Resource.Level, keys, ct))
        {
            if (seen++ < search.Offset) continue;
            isMore = found.Count == most;
            if (isMore) break;
            found.Add(match);
        }

        var counts = new RelatedCounts(archive, web, settings.MaxCountQueries, settings.MaxResults);
        foreach (var match in found) answer.Add(await counts.CompleteAsync(match, ct));
        return answer.End(isMore);
    }

    /// <summary>How many results are given.</summary>
    public static int MostOf(BridgeSettings settings, DicomWebRequest web)
        => Math.Min(web.Search!.Limit ?? (web.Resource.Study is null ? settings.DefaultLimit : settings.MaxResults), settings.MaxResults);

    /// <summary>The keys as steps behind the bridge have left them.</summary>
    private async ValueTask<DicomDataSet> KeysAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (await request.Body.ReadJsonAsync(settings.MaxHeld, ct) is not { } body || body["dimse_identifier"] is not { } identifier) return web.Search!.Keys;
        try
        {
            return DicomJsonReader.Read(System.Text.Json.JsonSerializer.SerializeToElement(identifier)).ToBuilder().Remove(DicomTag.QueryRetrieveLevel).Build();
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"a step replaced 'dimse_identifier' by what is no identifier: {e.Message}", e);
        }
    }
}
