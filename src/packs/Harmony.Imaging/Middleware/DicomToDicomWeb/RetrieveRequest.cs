using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Requests;

namespace Harmony.Imaging.Middleware.DicomToDicomWeb;

/// <summary>C-GET and C-MOVE as WADO-RS: the study, series or instance that the unique keys name.</summary>
internal static class RetrieveRequest
{
    private const string Accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    public static void Write(RequestEnvelope request, DimseQuery query)
    {
        var level = query.Level ?? QueryLevels.InferRetrieved(query.Identifier) ?? QueryLevel.Study;
        var target = request.Target ??= new TargetDetails();
        target.Method = "GET";
        target.Query = "";
        target.Path = level switch
        {
            QueryLevel.Study => WebPath.OfEntity(One(query, DicomTag.StudyInstanceUID)),
            QueryLevel.Series => WebPath.OfEntity(One(query, DicomTag.StudyInstanceUID), One(query, DicomTag.SeriesInstanceUID)),
            QueryLevel.Image => WebPath.OfEntity(One(query, DicomTag.StudyInstanceUID), One(query, DicomTag.SeriesInstanceUID), One(query, DicomTag.SOPInstanceUID)),
            _ => throw Unfit("DICOMweb retrieves studies, series and instances; a patient's studies are found by C-FIND"),
        };
        target.Headers.Set("accept", Accept);
        request.Headers.Remove("content-type");
        request.Body.Replace(ReadOnlyMemory<byte>.Empty);
    }

    private static string One(DimseQuery query, DicomTag key) => query.Identifier.GetStrings(key) switch
    {
        [var uid] when Uid.IsTolerable(uid) => uid,
        { Count: > 1 } => throw Unfit($"{key} lists several UIDs, and DICOMweb retrieves one at a time: retrieve the level above, or each by itself"),
        _ => throw Unfit($"{key} must name what is to be retrieved"),
    };

    private static GatewayException Unfit(string reason) => new(FaultSource.Client, FaultKind.Malformed, reason);
}
