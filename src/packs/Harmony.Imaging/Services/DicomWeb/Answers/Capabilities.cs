using System.Buffers;
using System.Security;
using System.Text;
using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>The capabilities of the service, in WADL or in JSON: PS3.18 §8.9.</summary>
internal static class Capabilities
{
    private const string Wadl = "application/vnd.sun.wadl+xml";

    public static ResponseEnvelope Answer(RequestEnvelope request, string prefix)
    {
        var asXml = request.Headers.Combined("accept") is { } accept
            && (accept.Contains("wadl", StringComparison.OrdinalIgnoreCase) || accept.Contains("xml", StringComparison.OrdinalIgnoreCase));
        var fields = new HeaderFields(4);
        fields.Add("content-type", asXml ? Wadl : "application/json");
        return new ResponseEnvelope(request, 200) { Headers = fields, Body = Body.FromBytes(asXml ? InXml(prefix) : InJson(prefix)) };
    }

    private static byte[] InXml(string prefix)
    {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<application xmlns=\"http://wadl.dev.java.net/2009/02\">\n");
        xml.Append("  <resources base=\"").Append(SecurityElement.Escape(prefix)).Append("/\">\n");
        foreach (var (methods, path, summary) in WebPath.Templates)
        {
            xml.Append("    <resource path=\"").Append(SecurityElement.Escape(path.TrimStart('/'))).Append("\">\n");
            foreach (var method in methods.Split(", "))
            {
                xml.Append("      <method name=\"").Append(method).Append("\"><doc>").Append(SecurityElement.Escape(summary)).Append("</doc></method>\n");
            }

            xml.Append("    </resource>\n");
        }

        return Encoding.UTF8.GetBytes(xml.Append("  </resources>\n</application>\n").ToString());
    }

    private static ReadOnlyMemory<byte> InJson(string prefix)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("resources");
        foreach (var (methods, path, summary) in WebPath.Templates)
        {
            writer.WriteStartObject();
            writer.WriteString("path", prefix + path);
            writer.WriteStartArray("methods");
            foreach (var method in methods.Split(", ")) writer.WriteStringValue(method);
            writer.WriteEndArray();
            writer.WriteString("summary", summary);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
