using System.Security.Cryptography;
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

/// <summary>The boundary between parts: RFC 2046 §5.1.1.</summary>
public static class Boundary
{
    /// <summary>
    /// A new boundary of 128 random bits. No payload can be made to hold it beforehand, and that a payload holds it by chance is less likely than a fault of
    /// the machine; so parts can stream without being searched for it.
    /// </summary>
    public static string Create() => $"harmony-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>Most characters of a boundary that is read: Orthanc's are two UUIDs, which are 73.</summary>
    private const int MaxRead = 200;

    /// <summary>
    /// Whether others may have chosen this as a boundary: printable characters of ASCII, up to some more than RFC 2046 allows, no space at the end.
    /// </summary>
    public static bool IsValid(string boundary)
    {
        ArgumentNullException.ThrowIfNull(boundary);
        return boundary.Length is > 0 and <= MaxRead && boundary[^1] != ' ' && !boundary.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }
}

/// <summary>A body is not multipart as its content type says, or has more than is allowed.</summary>
/// <param name="message">What is wrong; shows nothing of the body.</param>
public sealed class MultipartFormatException(string message) : Exception(message);
