using System.Text.Json;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Writes a document as JSON.</summary>
internal static class DocumentWriter
{
    private const int BytesPerWork = 16;

    /// <summary>Writes <paramref name="value"/>; a missing one as <c>null</c>.</summary>
    /// <exception cref="JoltException">It nests deeper than <paramref name="maxDepth"/>, or is too long to write.</exception>
    public static void Write(Utf8JsonWriter json, DocValue value, int maxDepth, WorkMeter meter)
    {
        meter.Spend();
        switch (value.Kind)
        {
            case DocKind.Object: WriteObject(json, value.AsObject!, maxDepth, meter); break;
            case DocKind.Array: WriteArray(json, value.AsArray!, maxDepth, meter); break;
            case DocKind.True or DocKind.False: json.WriteBooleanValue(value.Kind == DocKind.True); break;
            case DocKind.String or DocKind.Number: WriteText(json, value, meter); break;
            default: json.WriteNullValue(); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, DocObject obj, int depth, WorkMeter meter)
    {
        if (depth == 0) throw Depth.Exceeded();
        json.WriteStartObject();
        foreach (var (key, value) in obj.Members)
        {
            json.WritePropertyName(key);
            Write(json, value, depth - 1, meter);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, DocArray array, int depth, WorkMeter meter)
    {
        if (depth == 0) throw Depth.Exceeded();
        json.WriteStartArray();
        foreach (var item in array.Items) Write(json, item, depth - 1, meter);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, DocValue value, WorkMeter meter)
    {
        if (value.TryGetRaw(out var raw))
        {
            meter.Spend(raw.Length / BytesPerWork);
            json.WriteRawValue(raw, skipInputValidation: true);
            return;
        }

        var text = value.GetText();
        meter.Spend(text.Length / BytesPerWork);
        if (value.Kind == DocKind.Number) json.WriteRawValue(text, skipInputValidation: true);
        else json.WriteStringValue(text);
    }
}
