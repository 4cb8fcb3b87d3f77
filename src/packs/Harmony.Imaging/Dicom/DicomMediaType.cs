namespace Harmony.Imaging.Dicom;

/// <summary>The media types that DICOM objects and data travel under: PS3.18 §8.7.3.</summary>
internal static class DicomMediaType
{
    /// <summary>An object, as a Part 10 file has it.</summary>
    public const string Object = "application/dicom";

    /// <summary>Data sets in DICOM JSON.</summary>
    public const string Json = "application/dicom+json";

    /// <summary>Data sets in native XML (PS3.19 annex A).</summary>
    public const string Xml = "application/dicom+xml";

    /// <summary>Whether a media type, without parameters, is DICOM JSON, or JSON of a client that does not name the profile.</summary>
    public static bool IsDataSetInJson(string type) => type is Json or "application/json";

    /// <summary>The same of native XML.</summary>
    public static bool IsDataSetInXml(string type) => type is Xml or "application/xml" or "text/xml";

    /// <summary>Whether a content type says that the body is one object.</summary>
    public static bool IsObject(string? contentType) => Name(contentType).Equals(Object, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a content type says that the body is JSON of any kind.</summary>
    public static bool IsJson(string? contentType)
        => Name(contentType) is var name
            && (name.Equals("application/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a content type says that the body is several objects, one in each part.</summary>
    public static bool IsMultipart(string? contentType) => Name(contentType).Equals("multipart/related", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Name(string? contentType)
    {
        var text = contentType.AsSpan();
        var end = text.IndexOf(';');
        return (end < 0 ? text : text[..end]).Trim();
    }
}
