using System.Globalization;
using System.Text.Json;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Json;

/// <summary>
/// Reads the DICOM JSON Model: PS3.18 annex F. Keywords may stand in place of tags, a missing <c>vr</c> is looked up, as is <c>UN</c> of what has a
/// <c>Value</c>, and values may be longer than their VR allows. The text of the data sets is in UTF-8.
/// </summary>
public static class DicomJsonReader
{
    private const int MaxDepth = 64;

    // A level of sequences is an object, an array and an object.
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = (3 * MaxDepth) + 4 };

    /// <summary>Reads one data set.</summary>
    /// <exception cref="DicomFormatException">It is no JSON, or not in the model; the message says where, and shows no values.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = Parse(utf8);
        return Read(document.RootElement);
    }

    /// <summary>Reads an array of data sets; a single one is an array of one.</summary>
    /// <exception cref="DicomFormatException">It is no JSON, or not in the model; the message says where, and shows no values.</exception>
    public static IReadOnlyList<DicomDataSet> ReadAll(ReadOnlyMemory<byte> utf8)
    {
        using var document = Parse(utf8);
        return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(Read)] : [Read(document.RootElement)];
    }

    /// <summary>Reads a data set from JSON that was parsed before.</summary>
    /// <exception cref="DicomFormatException">It is not in the model; the message says where, and shows no values.</exception>
    public static DicomDataSet Read(JsonElement json)
    {
        var builder = new DicomDataSetBuilder();
        ReadInto(builder, json, "", 0);
        return builder.Build();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, Limits);
        }
        catch (JsonException e)
        {
            throw new DicomFormatException($"this is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }
    }

    private static void ReadInto(DicomDataSetBuilder builder, JsonElement json, string path, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong(path, "a data set is an object");
        if (depth > MaxDepth) throw new DicomLimitException($"sequences are nested more than {MaxDepth} deep", -1);
        foreach (var member in json.EnumerateObject())
        {
            if (!DicomTag.TryParse(NameOf(member, path), out var tag))
                throw Wrong(path, "a name is neither a tag, such as 00100010, nor a keyword of the standard");
            if (tag.IsGroupLength && tag.Group != 0) continue;
            var where = path + tag.ToHex();
            try
            {
                builder.Set(ReadElement(builder, tag, member.Value, where, depth));
            }
            catch (ArgumentException e)
            {
                throw new DicomFormatException($"{where}: {e.Message}");
            }
        }
    }

    private static DicomElement ReadElement(DicomDataSetBuilder builder, DicomTag tag, JsonElement json, string where, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong(where, "an element is an object with vr and Value");
        var vr = VrOf(tag, json, where);
        if (json.TryGetProperty("InlineBinary", out var inline))
        {
            return inline.ValueKind == JsonValueKind.String && inline.TryGetBytesFromBase64(out var bytes)
                ? new DicomValue(tag, vr, bytes, builder.CharacterSet)
                : throw Wrong(where, "InlineBinary is no base64");
        }

        if (json.TryGetProperty("BulkDataURI", out var uri))
        {
            return uri.ValueKind == JsonValueKind.String
                ? new DicomBulkValue(tag, vr, new UriBulkData(TextOf(uri, where)))
                : throw Wrong(where, "BulkDataURI is text");
        }

        var hasValue = json.TryGetProperty("Value", out var values) && values.ValueKind != JsonValueKind.Null;
        if (hasValue && values.ValueKind != JsonValueKind.Array) throw Wrong(where, "Value is an array");
        if (vr == Vr.UN && hasValue) vr = DicomDictionary.VrOf(tag); // bytes of unknown meaning would be inline, so the sender knew the VR
        if (vr == Vr.SQ) return new DicomSequence(tag, hasValue ? ReadItems(builder, values, where, depth) : []);
        if (!hasValue || values.GetArrayLength() == 0) return new DicomValue(tag, vr, ReadOnlyMemory<byte>.Empty, builder.CharacterSet);
        if (vr.IsBulk()) throw Wrong(where, $"{vr} has InlineBinary or BulkDataURI, no Value");
        if (tag == DicomTag.SpecificCharacterSet) return new DicomValue(tag, vr, "ISO_IR 192"u8.ToArray(), builder.CharacterSet);
        string[] texts = [.. values.EnumerateArray().Select(v => ReadValue(v, vr, where))];
        return new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, texts, builder.CharacterSet, isStrict: false), builder.CharacterSet);
    }

    private static DicomDataSet[] ReadItems(DicomDataSetBuilder builder, JsonElement values, string where, int depth)
    {
        var items = new DicomDataSet[values.GetArrayLength()];
        for (var i = 0; i < items.Length; i++)
        {
            var item = builder.CreateItem();
            if (values[i].ValueKind != JsonValueKind.Null) ReadInto(item, values[i], $"{where}/{i + 1}/", depth + 1);
            items[i] = item.Build();
        }

        return items;
    }

    private static Vr VrOf(DicomTag tag, JsonElement json, string where)
    {
        if (!json.TryGetProperty("vr", out var letters)) return DicomDictionary.VrOf(tag);
        return letters.ValueKind == JsonValueKind.String && VrExtensions.TryParse(TextOf(letters, where), out var vr)
            ? vr
            : throw Wrong(where, "vr is no VR of the standard");
    }

    private static string ReadValue(JsonElement value, Vr vr, string where) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Special(TextOf(value, where), vr),
        JsonValueKind.Number => Number(value, vr),
        JsonValueKind.Object when vr == Vr.PN
            => new PersonName(Group(value, "Alphabetic", where), Group(value, "Ideographic", where), Group(value, "Phonetic", where)).ToString(),
        _ => throw Wrong(where, "a value is text or a number, of PN an object"),
    };

    private static string Number(JsonElement value, Vr vr)
    {
        var text = value.GetRawText();
        // DS has 16 characters; what people compute in JSON often has more.
        if (vr == Vr.DS) return text.Length > 16 ? ValueEncoder.DecimalString(value.GetDouble()) : text;
        // Some languages write every number with a point: 512.0 is an integer nevertheless.
        if (vr is not (Vr.IS or Vr.US or Vr.SS or Vr.UL or Vr.SL or Vr.UV or Vr.SV) || !text.AsSpan().ContainsAny('.', 'e', 'E')) return text;
        var isNumber = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        return isNumber && decimal.IsInteger(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : text;
    }

    private static string NameOf(JsonProperty member, string where)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw NoText(where);
        }
    }

    private static string TextOf(JsonElement text, string where)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw NoText(where);
        }
    }

    private static DicomFormatException NoText(string where) => Wrong(where, "text has half a surrogate pair, which is no character");

    private static string Special(string text, Vr vr) => vr is Vr.FL or Vr.FD
        ? text switch { "inf" => "Infinity", "-inf" => "-Infinity", _ => text }
        : text;

    private static string Group(JsonElement name, string group, string where)
    {
        if (!name.TryGetProperty(group, out var text) || text.ValueKind == JsonValueKind.Null) return "";
        return text.ValueKind == JsonValueKind.String ? TextOf(text, where) : throw Wrong(where, $"{group} is text");
    }

    private static DicomFormatException Wrong(string where, string message) => new(where.Length == 0 ? message : $"{where.TrimEnd('/')}: {message}");
}
