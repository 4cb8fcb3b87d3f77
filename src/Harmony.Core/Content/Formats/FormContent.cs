using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Core.Content.Formats;

/// <summary>
/// Gathers the fields of a form: of equal names the last counts, <c>name[]</c> and <c>name[anything]</c> gather in an array <c>name</c>.
/// </summary>
internal sealed class FormFields(ContentLimitsSection limits)
{
    private int _count;

    /// <summary>The fields so far.</summary>
    public JsonObject Values { get; } = [];

    /// <exception cref="ContentException">There are too many.</exception>
    public void Add(string name, string value)
    {
        Count();
        var bracket = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
        if (bracket <= 0) Values[name] = value;
        else if (Values[name[..bracket]] is JsonArray several) several.Add(value);
        else Values[name[..bracket]] = new JsonArray(value);
    }

    /// <exception cref="ContentException">There are too many.</exception>
    private void Count()
    {
        if (++_count > limits.MaxFormFields) throw ContentException.TooMany("fields", "max_form_fields", limits.MaxFormFields);
    }
}

/// <summary><c>application/x-www-form-urlencoded</c> to an object of strings and arrays of strings (<see cref="FormFields"/>).</summary>
internal static class FormContentReader
{
    /// <exception cref="ContentException">There are too many fields, or the bytes are not of the charset.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> bytes, string? charset, ContentLimitsSection limits)
    {
        var fields = new FormFields(limits);
        foreach (var range in bytes.Split((byte)'&'))
        {
            var pair = bytes[range];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            fields.Add(Decode(name, charset), Decode(value, charset));
        }

        return fields.Values;
    }

    /// <summary>A plus is a space; a percent sign without two digits behind it is itself, as browsers have it.</summary>
    private static string Decode(ReadOnlySpan<byte> encoded, string? charset)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == '+') value = (byte)' ';
            else if (value == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit((char)encoded[i + 1]) && char.IsAsciiHexDigit((char)encoded[i + 2]))
            {
                value = byte.Parse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }

            decoded[length++] = value;
        }

        return Charsets.Decode(decoded.AsSpan(0, length), charset);
    }
}

/// <summary>The way back of <see cref="FormContentReader"/>, in UTF-8: an array becomes <c>name[]=…</c> for each entry.</summary>
internal static class FormContentWriter
{
    /// <exception cref="ContentException">The data are no object of single values and arrays of them.</exception>
    public static byte[] Write(JsonNode? data)
    {
        if (data is not JsonObject members) throw Misshapen();
        var text = new StringBuilder();
        foreach (var (name, value) in members)
        {
            if (value is not JsonArray several) Append(text, name, value);
            else foreach (var one in several) Append(text, name + "[]", one);
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, string name, JsonNode? value)
    {
        if (text.Length > 0) text.Append('&');
        text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(TextOf(value)));
    }

    private static string TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Object or JsonValueKind.Array => throw Misshapen(),
        _ => value.ToJsonString(),
    };

    private static ContentException Misshapen()
        => ContentException.Malformed("cannot be written as a form: an object of single values, or of arrays of them, is expected");
}
