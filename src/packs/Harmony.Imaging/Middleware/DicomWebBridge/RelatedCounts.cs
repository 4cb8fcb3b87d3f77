using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// Adds counts and the modalities of a study to results whose archive did not say them although it was asked: by C-FIND of the series and instances, as many
/// as one search may take. What that does not tell stays as the archive gave it: a number is never invented.
/// </summary>
/// <param name="archive">The archive.</param>
/// <param name="web">The search; what it returns is what is added.</param>
/// <param name="maxQueries">Most queries.</param>
/// <param name="maxMatches">Most matches of one; what has more is not counted.</param>
internal sealed class RelatedCounts(IArchive archive, DicomWebRequest web, int maxQueries, int maxMatches)
{
    private static readonly DicomTag[] Counted =
        [DicomTag.ModalitiesInStudy, DicomTag.NumberOfStudyRelatedSeries, DicomTag.NumberOfStudyRelatedInstances, DicomTag.NumberOfSeriesRelatedInstances];

    private readonly IReadOnlyList<DicomTag> _wanted = [.. SearchPlan.ReturnKeys(web).Intersect(Counted)];
    private readonly Dictionary<string, IReadOnlyList<DicomDataSet>> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Study, string Series), int?> _instances = [];
    private int _left = maxQueries;

    /// <summary>
    /// A result with what could be found out. No other query of the search may be under way: it would hold the association that this one may wait for.
    /// </summary>
    public async ValueTask<DicomDataSet> CompleteAsync(DicomDataSet result, CancellationToken ct)
    {
        var missing = _wanted.Where(t => !result.TryGet(t, out var element) || element.IsEmpty).ToList();
        if (missing.Count == 0 || (result.GetString(DicomTag.StudyInstanceUID) ?? web.Resource.Study) is not { } study) return result;
        var series = result.GetString(DicomTag.SeriesInstanceUID) ?? web.Resource.Series;
        var completed = result.ToBuilder();
        foreach (var tag in missing)
        {
            if (tag == DicomTag.ModalitiesInStudy) SetModalities(completed, await SeriesAsync(study, ct));
            else if (await CountAsync(tag, study, series, ct) is { } count) completed.Set(tag, count);
        }

        return completed.Build();
    }

    private static void SetModalities(DicomDataSetBuilder completed, IReadOnlyList<DicomDataSet> series)
    {
        var modalities = series.Select(s => s.GetString(DicomTag.Modality)).Distinct().ToList();
        string[] said = [.. modalities.OfType<string>()];
        if (said.Length > 0 && said.Length == modalities.Count) completed.Set(DicomTag.ModalitiesInStudy, said);
    }

    private async ValueTask<int?> CountAsync(DicomTag tag, string study, string? series, CancellationToken ct)
    {
        if (tag == DicomTag.NumberOfSeriesRelatedInstances) return series is null ? null : await InstancesAsync(study, series, ct);
        var all = await SeriesAsync(study, ct);
        if (all.Count == 0) return null; // a study has a series; an archive that shows none does not search at that level
        return tag == DicomTag.NumberOfStudyRelatedSeries ? all.Count : await SumAsync(study, all, ct);
    }

    private async ValueTask<int?> SumAsync(string study, IReadOnlyList<DicomDataSet> series, CancellationToken ct)
    {
        var uids = series.Select(s => s.GetString(DicomTag.SeriesInstanceUID)!).ToList();
        if (uids.Count(uid => !_instances.ContainsKey((study, uid))) > _left) return null; // a part of a sum is of no use to anybody
        var sum = 0;
        foreach (var uid in uids)
        {
            if (await InstancesAsync(study, uid, ct) is not { } count) return null;
            sum += count;
        }

        return sum;
    }

    private async ValueTask<IReadOnlyList<DicomDataSet>> SeriesAsync(string study, CancellationToken ct)
    {
        if (_series.TryGetValue(study, out var known)) return known;
        var keys = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, study));
        foreach (var tag in new[] { DicomTag.SeriesInstanceUID, DicomTag.Modality, DicomTag.NumberOfSeriesRelatedInstances }) SearchPlan.SetEmpty(keys, tag);
        var found = await AskAsync(QueryLevel.Series, keys, ct);
        foreach (var series in found)
        {
            var uid = series.GetString(DicomTag.SeriesInstanceUID)!;
            if (series.GetInt32(DicomTag.NumberOfSeriesRelatedInstances) is { } count) _instances[(study, uid)] = count;
        }

        return _series[study] = found;
    }

    private async ValueTask<int?> InstancesAsync(string study, string series, CancellationToken ct)
    {
        if (_instances.TryGetValue((study, series), out var known)) return known;
        var keys = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, study)).Set(ReceivedUids.Of(DicomTag.SeriesInstanceUID, series));
        SearchPlan.SetEmpty(keys, DicomTag.SOPInstanceUID);
        var found = await AskAsync(QueryLevel.Image, keys, ct);
        return _instances[(study, series)] = found.Count == 0 ? null : found.Count;
    }

    /// <summary>The entities that are found, each once; none where the archive may not, or does not, say all of them.</summary>
    private async ValueTask<IReadOnlyList<DicomDataSet>> AskAsync(QueryLevel level, DicomDataSetBuilder keys, CancellationToken ct)
    {
        if (_left == 0) return [];
        _left--;
        var found = new Dictionary<string, DicomDataSet>(StringComparer.Ordinal);
        try
        {
            await foreach (var match in (await archive.FindAsync(level, keys.Build(), ct)).WithCancellation(ct))
            {
                if (match.GetString(level.UniqueKey()) is { } uid) found.TryAdd(uid, match);
                if (found.Count > maxMatches) return [];
            }
        }
        catch (Exception e) when (e is DicomNetworkException or GatewayException { FaultSource: FaultSource.Backend })
        {
            _left = 0; // the backend has logged it; the search has its results, and further queries would fail the same way
            return [];
        }

        return [.. found.Values];
    }
}
