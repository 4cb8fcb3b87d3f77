using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// The body of a C-FIND, C-GET or C-MOVE: <c>{command, identifier, query_metadata}</c>. The identifier has every attribute that was sent, return
/// keys included, in DICOM JSON; <c>query_metadata</c> says of each how it is matched (PS3.4 §C.2.2.2).
/// </summary>
internal static class IdentifierWrapper
{
    /// <param name="command">The command.</param>
    /// <param name="identifier">The identifier.</param>
    public static JsonObject Write(JsonObject command, DicomDataSet identifier)
    {
        var matching = new JsonObject();
        foreach (var element in identifier)
        {
            if (element.Tag == DicomTag.SpecificCharacterSet) continue;
            matching[element.Tag.ToHex()] = new JsonObject { ["match_type"] = MatchOf(element) };
        }

        return new JsonObject
        {
            ["command"] = command,
            ["identifier"] = JsonNode.Parse(DicomJsonWriter.ToUtf8(identifier)),
            ["query_metadata"] = matching,
        };
    }

    /// <summary>The command of a request: <c>{message_id, sop_class_uid, priority, direction: "REQUEST"}</c>.</summary>
    public static JsonObject Command(int messageId, string sopClassUid, string priority) => new()
    {
        ["message_id"] = messageId,
        ["sop_class_uid"] = sopClassUid,
        ["priority"] = priority,
        ["direction"] = "REQUEST",
    };

    private static string MatchOf(DicomElement element)
    {
        if (element.IsEmpty) return "RETURN_KEY";
        if (element is not DicomValue value) return "EXACT";
        var text = value.GetText();
        return value.Vr switch
        {
            Vr.DA or Vr.TM or Vr.DT => text.Contains('-', StringComparison.Ordinal) ? "RANGE" : "EXACT",
            _ when value.Vr.IsText() && value.Vr != Vr.UI && text.AsSpan().ContainsAny('*', '?') => "WILDCARD",
            _ => "EXACT",
        };
    }
}
