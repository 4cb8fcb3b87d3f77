using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Harmony.Fhir.Definitions;

/// <summary>
/// Reads resources in XML as the members that they have in JSON. Numbers and booleans stay text, and a list of one item is that item.
/// </summary>
internal static class FhirXml
{
    /// <summary>The namespace of FHIR.</summary>
    public static readonly XNamespace Namespace = "http://hl7.org/fhir";

    /// <summary>Settings for XML from outside: a document type is an error, and nothing is fetched.</summary>
    public static readonly XmlReaderSettings Reading = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private const int MaxDepth = 128;

    /// <summary>Reads a document; null if it is not XML, has a document type, nests more than 128 deep, or has another namespace.</summary>
    public static XDocument? Load(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray());
            using var reader = XmlReader.Create(stream, Reading);
            var depth = 0;
            while (reader.Read()) depth = Math.Max(depth, reader.Depth);
            if (depth > MaxDepth) return null;
            stream.Position = 0;
            using var again = XmlReader.Create(stream, Reading);
            var document = XDocument.Load(again, LoadOptions.PreserveWhitespace);
            return document.Root?.Name.Namespace == Namespace ? document : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The members of a resource.</summary>
    public static JsonObject Resource(XElement element)
    {
        var members = Members(element);
        members["resourceType"] = element.Name.LocalName;
        return members;
    }

    private static JsonObject Members(XElement element)
    {
        var members = new JsonObject();
        foreach (var group in element.Elements().Where(e => e.Name.Namespace == Namespace).GroupBy(e => e.Name.LocalName))
        {
            var values = group.Select(Value).ToArray();
            members[group.Key] = values.Length == 1 ? values[0] : new JsonArray(values);
        }

        return members;
    }

    private static JsonNode? Value(XElement element)
    {
        if (element.Name.LocalName is "resource" or "contained" && element.Elements().FirstOrDefault() is { } inner) return Resource(inner);
        return element.Attribute("value") is { } value ? JsonValue.Create(value.Value) : Members(element);
    }
}
