using System.Security.Cryptography;

namespace Harmony.Dicom.Web.Multipart;

/// <summary>The boundary between parts: RFC 2046 §5.1.1.</summary>
public static class Boundary
{
    /// <summary>
    /// A new boundary of 128 random bits. Nobody can put it into a payload beforehand, and that one holds it by chance is less likely than a fault of the
    /// machine; so parts can stream without being searched for it.
    /// </summary>
    public static string Create() => $"harmony-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>Most characters of a boundary that is read: Orthanc's are two UUIDs, which are 73.</summary>
    private const int MaxRead = 200;

    /// <summary>Whether others may have chosen this as a boundary: printable characters of ASCII, up to some more than RFC 2046 allows, no space at the end.</summary>
    public static bool IsValid(string boundary)
    {
        ArgumentNullException.ThrowIfNull(boundary);
        return boundary.Length is > 0 and <= MaxRead && boundary[^1] != ' ' && !boundary.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }
}
