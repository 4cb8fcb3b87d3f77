using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Core.Content.Formats;

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

    private static ContentException Misshapen() => ContentException.Malformed("cannot be written as a form: an object of single values, or of arrays of them, is expected");
}
