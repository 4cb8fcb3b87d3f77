using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Imaging.Middleware.DicomFlatten;

/// <summary>
/// Data sets of DICOM JSON as <c>{tag: value}</c>, and back without loss. One value stands alone, several in an array; the alphabetic form of a name stands
/// for the name;
/// <c>""</c> is an empty <c>Value</c>, null none; items are flat, too. What could not be told apart stays as it is: a value that is itself empty stays in its
/// array, a name in several forms an object. Where the VR is not that of the dictionary, <c>__vr_metadata__</c> has it.
/// </summary>
internal static class FlatDataSet
{
    private const string VrMember = "__vr_metadata__";

    /// <summary>Whether an object has members that are named by tags.</summary>
    public static bool LooksLikeDataSet(JsonObject data) => data.Any(m => IsTag(m.Key, out _));

    public static JsonObject Flatten(JsonObject dataSet)
    {
        var flat = new JsonObject();
        var vrs = new JsonObject();
        foreach (var (name, node) in dataSet)
        {
            if (!IsTag(name, out var tag) || node is not JsonObject element
                || (element.Count > 0 && element["vr"] is null && element["Value"] is null && !HasBulk(element)))
            {
                flat[name] = node?.DeepClone();
                continue;
            }

            var vr = (string?)element["vr"] ?? DicomDictionary.VrOf(tag).ToLetters();
            if (vr != DicomDictionary.VrOf(tag).ToLetters()) vrs[name] = vr;
            flat[name] = HasBulk(element) ? BulkOf(element) : FlatValue(element, vr);
        }

        if (vrs.Count > 0) flat[VrMember] = vrs;
        return flat;
    }

    public static JsonObject Unflatten(JsonObject flat)
    {
        var vrs = flat[VrMember] as JsonObject;
        var dataSet = new JsonObject();
        foreach (var (name, node) in flat)
        {
            if (name == VrMember) continue;
            if (!IsTag(name, out var tag))
            {
                if (!name.StartsWith("__", StringComparison.Ordinal)) dataSet[name] = node?.DeepClone();
                continue;
            }

            var vr = (string?)vrs?[name] ?? DicomDictionary.VrOf(tag).ToLetters();
            dataSet[name] = ElementOf(vr, node);
        }

        return dataSet;
    }

    private static JsonNode? FlatValue(JsonObject element, string vr)
    {
        if (element["Value"] is not JsonArray values) return null;
        if (vr == "SQ") return new JsonArray([.. values.Select(v => v is JsonObject item ? Flatten(item) : v?.DeepClone())]);
        if (values.Count == 0) return "";
        if (values.Count > 1) return new JsonArray([.. values.Select(v => FlatName(v, vr))]);
        return IsPlain(values[0]) ? FlatName(values[0], vr) : new JsonArray(FlatName(values[0], vr));
    }

    /// <summary>A name in its alphabetic form alone is that form.</summary>
    private static JsonNode? FlatName(JsonNode? value, string vr)
        => vr == "PN" && value is JsonObject { Count: 1 } name && name["Alphabetic"] is JsonValue alphabetic
            && alphabetic.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? alphabetic.DeepClone()
            : value?.DeepClone();

    /// <summary>Whether a single value can stand alone and be told from an empty or a missing one.</summary>
    private static bool IsPlain(JsonNode? value) => value switch
    {
        null or JsonArray => false,
        JsonValue text when text.GetValueKind() == System.Text.Json.JsonValueKind.String => text.GetValue<string>().Length > 0,
        JsonObject name => !(
            name["Alphabetic"] is JsonValue { } only && name.Count == 1 && only.GetValueKind() == System.Text.Json.JsonValueKind.String
                && only.GetValue<string>().Length == 0) && !HasBulk(name),
        _ => true,
    };

    private static JsonObject ElementOf(string vr, JsonNode? node)
    {
        var element = new JsonObject { ["vr"] = vr };
        if (node is null) return element;
        if (node is JsonObject bulk && HasBulk(bulk))
        {
            foreach (var (name, value) in bulk) element[name] = value?.DeepClone();
            return element;
        }

        element["Value"] = ValuesOf(vr, node);
        return element;
    }

    private static JsonArray ValuesOf(string vr, JsonNode node)
    {
        if (node is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String && text.GetValue<string>().Length == 0) return [];
        var values = node is JsonArray all ? all.ToArray() : [node];
        return new JsonArray([.. values.Select(v => Whole(vr, v))]);
    }

    private static JsonNode? Whole(string vr, JsonNode? value) => value switch
    {
        JsonObject item when vr == "SQ" => Unflatten(item),
        JsonValue name when vr == "PN" && name.GetValueKind() == System.Text.Json.JsonValueKind.String => new JsonObject { ["Alphabetic"] = name.DeepClone() },
        _ => value?.DeepClone(),
    };

    private static bool HasBulk(JsonObject element) => element.ContainsKey("InlineBinary") || element.ContainsKey("BulkDataURI");

    private static JsonObject BulkOf(JsonObject element)
    {
        var bulk = (JsonObject)element.DeepClone();
        bulk.Remove("vr");
        return bulk;
    }

    private static bool IsTag(string name, out DicomTag tag)
    {
        tag = default;
        return name.Length == 8 && DicomTag.TryParse(name, out tag);
    }
}
