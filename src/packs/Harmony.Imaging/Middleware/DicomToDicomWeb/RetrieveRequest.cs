using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary>C-GET and C-MOVE as WADO-RS: the study, series or instance that the unique keys name.</summary>
internal static class RetrieveRequest
{
    private const string Accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    /// <summary>Retrievals that one request may become.</summary>
    private const int MaxListed = 10_000;

    public static void Write(RequestEnvelope request, DimseQuery query)
    {
        var level = query.Level ?? QueryLevels.InferRetrieved(query.Identifier) ?? QueryLevel.Study;
        var target = request.Target ??= new TargetDetails();
        target.Method = "GET";
        target.Query = "";
        var paths = PathsOf(level, query);
        target.Path = paths[0];
        if (paths.Count > 1) request.SetFeature(new ListedPaths(paths));
        target.Headers.Set("accept", Accept);
        request.Headers.Remove("content-type");
        request.Body.Replace(ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>
    /// DICOMweb retrieves one study, series or instance at a time, so a list of UIDs, which the lowest of them may be (PS3.4 §C.4.2.1.4.1, §C.4.3.1.3.1), is
    /// several retrievals.
    /// </summary>
    private static List<string> PathsOf(QueryLevel level, DimseQuery query)
    {
        if (level < QueryLevel.Study) throw Unfit("DICOMweb retrieves studies, series and instances; a patient's studies are found by C-FIND");
        var lowest = All(query, level.UniqueKey());
        if (level == QueryLevel.Study) return [.. lowest.Select(uid => WebPath.OfEntity(uid))];
        var study = One(query, DicomTag.StudyInstanceUID);
        if (level == QueryLevel.Series) return [.. lowest.Select(uid => WebPath.OfEntity(study, uid))];
        var series = One(query, DicomTag.SeriesInstanceUID);
        return [.. lowest.Select(uid => WebPath.OfEntity(study, series, uid))];
    }

    private static string One(DimseQuery query, DicomTag key)
        => All(query, key) is [var uid] ? uid : throw Unfit($"{key} lists several UIDs above the level that is retrieved, which names one");

    private static List<string> All(DimseQuery query, DicomTag key)
    {
        var uids = query.Identifier.GetStrings(key).Distinct(StringComparer.Ordinal).ToList();
        if (uids.Count == 0 || !uids.TrueForAll(u => Uid.IsTolerable(u))) throw Unfit($"{key} must name what is to be retrieved");
        if (uids.Count > MaxListed) throw Unfit($"{key} lists more than {MaxListed} UIDs");
        return uids;
    }

    private static GatewayException Unfit(string reason) => new(FaultSource.Client, FaultKind.Malformed, reason);
}
