using System.Text.Json.Nodes;
using Harmony.Dicom.Json;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>The keys of a search as later steps see them: <c>{dimse_identifier: {…}}</c> in DICOM JSON, what <c>dicom_scu</c> takes from any client.</summary>
internal static class SearchIdentifier
{
    public static JsonObject Write(DicomWebRequest web)
    {
        var keys = web.Search!.Keys.ToBuilder();
        foreach (var tag in SearchPlan.ReturnKeys(web).Where(t => !web.Search.Keys.Contains(t))) SearchPlan.SetEmpty(keys, tag);
        return new JsonObject { ["dimse_identifier"] = JsonNode.Parse(DicomJsonWriter.ToUtf8(keys.Build())) };
    }
}
