using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace Harmony.Core.Content.Formats;

/// <summary>The way back of <see cref="XmlContentReader"/>; numbers and booleans become text, null an empty element.</summary>
internal static class XmlContentWriter
{
    private static readonly XmlReaderSettings Checking = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Writes a document in UTF-8.</summary>
    /// <exception cref="ContentException">The data do not have the shape, or hold what XML cannot.</exception>
    public static byte[] Write(JsonNode? data)
    {
        if (data is not JsonObject { Count: 1 } document) throw Misshapen("one root element is expected: an object with one member");
        var (name, root) = document.First();
        if (root is JsonArray) throw Misshapen("the root element cannot be an array");
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        try
        {
            WriteElement(text, name, root);
            return Checked(text.ToString());
        }
        catch (XmlException e)
        {
            throw Misshapen("it holds a name, a prefix or a character that XML does not allow", e);
        }
    }

    /// <summary>Reads what was written, so that nothing leaves that another parser would refuse: undeclared prefixes, control characters.</summary>
    private static byte[] Checked(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), Checking);
        while (reader.Read())
        {
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static void WriteElement(StringBuilder text, string name, JsonNode? value)
    {
        text.Append('<').Append(XmlConvert.VerifyName(name));
        if (value is JsonObject members) WriteMembers(text, members);
        else if (TextOf(value) is { Length: > 0 } content) AppendEscaped(text.Append('>'), content);
        else
        {
            text.Append("/>");
            return;
        }

        text.Append("</").Append(name).Append('>');
    }

    private static void WriteMembers(StringBuilder text, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            if (name.StartsWith('@')) AppendEscaped(text.Append(' ').Append(XmlConvert.VerifyName(name[1..])).Append("=\""), TextOf(value)).Append('"');
        }

        text.Append('>');
        if (members.TryGetPropertyValue("#text", out var own)) AppendEscaped(text, TextOf(own));
        foreach (var (name, value) in members)
        {
            if (name.StartsWith('@') || name == "#text") continue;
            if (value is not JsonArray several) WriteElement(text, name, value);
            else foreach (var one in several) WriteElement(text, name, one);
        }
    }

    private static string TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Object or JsonValueKind.Array => throw Misshapen("an attribute, a text or an entry of an array is no single value"),
        _ => value.ToJsonString(),
    };

    private static StringBuilder AppendEscaped(StringBuilder text, string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                '\r' or '\n' or '\t' => text.Append("&#").Append((int)character).Append(';'), // else normalised away by the reader
                _ => text.Append(character),
            };
        }

        return text;
    }

    private static ContentException Misshapen(string why, Exception? cause = null) => ContentException.Malformed($"cannot be written as XML: {why}", cause);
}
