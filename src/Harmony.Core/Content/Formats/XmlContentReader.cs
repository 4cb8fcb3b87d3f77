using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text;
using System.Xml;

namespace Harmony.Core.Content.Formats;

/// <summary>What stands before the root element of an XML document: the declaration with its encoding, and perhaps a DTD.</summary>
internal static partial class XmlDeclaration
{
    private const int MaxLength = 256; // the declaration is short, and stands at the very front

    /// <summary>
    /// The encoding that the declaration names, in lower case; where there is none, UTF-8 or what the zeros of the first characters tell (XML 1.0 appendix
    /// F).
    /// </summary>
    public static string EncodingOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0, (byte)'<', ..]) return "utf-16be";
        if (bytes is [(byte)'<', 0, ..]) return "utf-16";
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MaxLength)]);
        var named = DeclaredEncoding().Match(head) is { Success: true } match ? match.Groups["name"].Value.ToLowerInvariant() : "utf-8";
        // The declaration was read byte by byte, so the document is in no encoding of two bytes, whatever it says; such senders mean UTF-8.
        return named.StartsWith("utf-16", StringComparison.Ordinal) ? "utf-8" : named;
    }

    /// <summary>Whether a DTD stands before the root element; comments and processing instructions may stand before it.</summary>
    public static bool HasDoctype(string text)
    {
        var rest = text.AsSpan().TrimStart();
        while (true)
        {
            var end = rest.StartsWith("<?") ? "?>" : rest.StartsWith("<!--") ? "-->" : null;
            if (end is null || rest.IndexOf(end) is not (> 0 and var at)) return rest.StartsWith("<!DOCTYPE");
            rest = rest[(at + end.Length)..].TrimStart();
        }
    }

    [GeneratedRegex("""^\s*<\?xml\s[^>]*\bencoding\s*=\s*["'](?<name>[A-Za-z][A-Za-z0-9._-]*)["']""",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DeclaredEncoding();
}

/// <summary>
/// XML to <c>{root: …}</c>: an element is an object with its attributes as <c>@name</c>, its children by name (several of one name: an
/// array) and its text as <c>#text</c>; an element with text only is a string, an empty one the empty string. All values are strings;
/// names keep their prefixes as written.
/// </summary>
/// <param name="maxDepth">Nested elements (<c>content_limits.max_xml_depth</c>).</param>
internal sealed class XmlContentReader(int maxDepth)
{
    // No DTD, so no entities but the five of XML itself, and nothing is ever fetched.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true,
    };

    private readonly Stack<Element> _open = new();

    /// <summary>Reads a document. A charset of the content type outweighs the XML declaration (RFC 7303 §3).</summary>
    /// <exception cref="ContentException">It is not well-formed, has a DTD, or nests too deeply.</exception>
    public JsonObject Read(ReadOnlyMemory<byte> bytes, string? charset)
    {
        var text = Charsets.Decode(bytes.Span, charset ?? XmlDeclaration.EncodingOf(bytes.Span));
        if (string.IsNullOrWhiteSpace(text)) throw ContentException.Malformed("is not XML: there is no element in it");
        try
        {
            // The text is decoded already, by the charsets that every reader here knows; what the declaration says of it no longer matters.
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            return Read(reader);
        }
        catch (XmlException e)
        {
            throw XmlDeclaration.HasDoctype(text)
                ? ContentException.Malformed("has a DTD, which is refused", e)
                : ContentException.Malformed($"is not XML: {Where(e)}", e);
        }
    }

    private static string Where(XmlException e) => e.LineNumber == 0 ? "it ends too early" : $"line {e.LineNumber}, character {e.LinePosition}";

    private JsonObject Read(XmlReader reader)
    {
        var document = new Element("");
        _open.Push(document);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Open(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    _open.Peek().AddText(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    Close();
                    break;
            }
        }

        return document.Members;
    }

    private void Open(XmlReader reader)
    {
        if (_open.Count > maxDepth) throw ContentException.Malformed($"nests XML elements deeper than content_limits.max_xml_depth = {maxDepth}");
        var element = new Element(reader.Name);
        var isEmpty = reader.IsEmptyElement;
        while (reader.MoveToNextAttribute()) element.Members["@" + reader.Name] = reader.Value;
        _open.Push(element);
        if (isEmpty) Close();
    }

    private void Close()
    {
        var element = _open.Pop();
        _open.Peek().AddChild(element.Name, element.ToNode());
    }

    private sealed class Element(string name)
    {
        private StringBuilder? _more;
        private string? _text;

        public string Name { get; } = name;

        public JsonObject Members { get; } = [];

        public void AddText(string text)
        {
            if (_text is null) _text = text;
            else (_more ??= new StringBuilder(_text)).Append(text);
        }

        public void AddChild(string child, JsonNode value)
        {
            if (!Members.TryGetPropertyValue(child, out var there)) Members[child] = value;
            else if (there is JsonArray several) several.Add(value);
            else
            {
                Members.Remove(child);
                Members[child] = new JsonArray(there, value);
            }
        }

        public JsonNode ToNode()
        {
            var text = _more?.ToString() ?? _text;
            if (Members.Count == 0) return JsonValue.Create(text ?? "");
            if (text is not null) Members["#text"] = text.Trim();
            return Members;
        }
    }
}
