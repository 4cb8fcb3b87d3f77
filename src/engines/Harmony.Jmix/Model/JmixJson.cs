using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Jmix.Model;

/// <summary>The JSON of packages: how documents are written, and the canonical text that assertions sign.</summary>
internal static class JmixJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes of the longest document that is read; a manifest has some kilobytes, a listing of 100,000 files some 16 MiB.</summary>
    public const int MaxDocumentBytes = 64 * 1024 * 1024;

    /// <summary>The UTF-8 text of a document, indented.</summary>
    public static byte[] Bytes(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString(Indented) + "\n");

    /// <summary>A moment as packages write it: UTC, whole seconds.</summary>
    public static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a document.</summary>
    /// <exception cref="JmixException">The text is no JSON, names a member twice, or is nested more than 64 deep.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[3..];
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed < utf8.Length && !utf8[(int)reader.BytesConsumed..].Trim(" \r\n\t"u8).IsEmpty)
                throw new JmixException(JmixFault.Malformed, $"{name}: there is more behind the JSON document");
            return Node(document.RootElement, name);
        }
        catch (JsonException e)
        {
            throw new JmixException(JmixFault.Malformed, $"{name}: not JSON: line {e.LineNumber + 1}: {e.Message.Split(" LineNumber:")[0]}", e);
        }
    }

    /// <summary>The <c>extensions</c> that manifest and metadata share.</summary>
    public static JsonObject Extensions(JmixBuildOptions options)
    {
        var extensions = new JsonObject();
        if (options.CustomTags.Count > 0) extensions["custom_tags"] = Strings(options.CustomTags);
        if (options.Consent is { } consent)
        {
            var value = new JsonObject { ["status"] = consent.Status };
            if (consent.Scope.Count > 0) value["scope"] = Strings(consent.Scope);
            if (consent.Method is not null) value["method"] = consent.Method;
            if (consent.SignedOn is { } day) value["signed_on"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            extensions["consent"] = value;
        }

        if (options.RemovedAttributes.Count > 0) extensions["deid"] = new JsonObject { ["keys"] = Strings(options.RemovedAttributes) };
        return extensions;
    }

    /// <summary>An array of texts.</summary>
    public static JsonArray Strings(IEnumerable<string> values)
    {
        var array = new JsonArray();
        foreach (var value in values) array.Add((JsonNode)value);
        return array;
    }

    /// <summary>
    /// The text that an assertion signs: one object, members in ordinal order, no blanks, nothing escaped that JSON does not demand.
    /// </summary>
    /// <remarks>jmix-rs and jmix-php write the same bytes for the same values.</remarks>
    public static byte[] Canonical(JsonNode? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                var first = true;
                text.Append('{');
                foreach (var (name, member) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    if (!first) text.Append(',');
                    first = false;
                    Append(text, name);
                    text.Append(':');
                    Append(text, member);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Append(text, items[i]);
                }

                text.Append(']');
                break;
            default:
                if (value.GetValueKind() == JsonValueKind.String) Append(text, value.GetValue<string>());
                else text.Append(value.ToJsonString());
                break;
        }
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // JsonNode.Parse takes the last of two members with one name; a reader of another language may take the first.
    private static JsonNode? Node(JsonElement element, string name)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    if (!members.TryAdd(member.Name, Node(member.Value, name)))
                        throw new JmixException(JmixFault.Malformed, $"{name}: the member '{member.Name}' stands there twice");
                }

                return members;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray()) items.Add(Node(item, name));
                return items;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
