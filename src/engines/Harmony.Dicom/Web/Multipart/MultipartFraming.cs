using System.Text;

namespace Harmony.Dicom.Web.Multipart;

/// <summary>What stands around parts that are written: no preamble, no epilogue, each line ended by CRLF (RFC 2046 §5.1.1, RFC 2387).</summary>
/// <param name="boundary">The boundary.</param>
/// <param name="partType">Media type of the first part, which says what the whole is.</param>
public sealed class MultipartFraming(string boundary, string partType)
{
    private bool _hasParts;

    /// <summary>The content type of the whole. <c>type</c> is quoted, as RFC 2387 §3.4 wants a value with a slash.</summary>
    public string ContentType { get; } = $"multipart/related; type=\"{partType}\"; boundary={boundary}";

    /// <summary>What stands before the content of a part.</summary>
    /// <param name="contentType">Of the part, with the parameters that tell how its bytes are.</param>
    /// <param name="location">Where the part can be had alone; null for nowhere.</param>
    /// <param name="length">Bytes of its content; null where that is not known.</param>
    public byte[] Begin(string contentType, string? location = null, long? length = null)
    {
        var head = new StringBuilder(_hasParts ? "\r\n--" : "--").Append(boundary).Append("\r\nContent-Type: ").Append(contentType);
        if (length is not null) head.Append("\r\nContent-Length: ").Append(length);
        if (location is not null) head.Append("\r\nContent-Location: ").Append(location);
        _hasParts = true;
        return Encoding.ASCII.GetBytes(head.Append("\r\n\r\n").ToString());
    }

    /// <summary>What stands behind the last part.</summary>
    public byte[] End() => Encoding.ASCII.GetBytes($"{(_hasParts ? "\r\n" : "")}--{boundary}--\r\n");
}
