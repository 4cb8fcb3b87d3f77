using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>The part of a body that a client asks for: RFC 9110 §14. One range; of a list the whole is given, as is allowed.</summary>
/// <param name="Start">Bytes before it.</param>
/// <param name="Length">Its bytes; 0 where it cannot be given.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <returns>Null where the whole is to be given.</returns>
    public static ByteRange? Of(ResponseEnvelope response, long length)
    {
        var headers = response.Request.Headers;
        if (response.Request.Method != "GET" || headers["range"] is not { } text || !text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) return null;
        if (headers["if-range"] is { } condition && condition != response.Headers["etag"]) return null;
        var bounds = text["bytes=".Length..].Trim().Split('-');
        if (bounds.Length != 2) return null;
        if (bounds[0].Length == 0)
        {
            if (!TryParse(bounds[1], out var last)) return null;
            return new ByteRange(Math.Max(0, length - last), Math.Min(last, length));
        }

        var end = length - 1;
        if (!TryParse(bounds[0], out var start) || (bounds[1].Length > 0 && !TryParse(bounds[1], out end)) || end < start && bounds[1].Length > 0) return null;
        return start >= length ? new ByteRange(start, 0) : new ByteRange(start, Math.Min(end, length - 1) - start + 1);
    }

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
