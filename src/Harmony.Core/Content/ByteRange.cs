using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmony.Core.Content;

/// <summary>A part of what has bytes, as <c>Range</c> asks for one: RFC 9110 §14.</summary>
/// <param name="Start">Bytes before the part.</param>
/// <param name="Length">Bytes of the part; 0 where the part lies behind the end, so that nothing can be given.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteRange(long Start, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads the header. One of another unit, of several ranges or with mistakes counts as none, as the standard wants it: the whole is given then.
    /// </summary>
    /// <param name="header">The header <c>Range</c>; null where there is none.</param>
    /// <param name="total">Bytes of the whole.</param>
    /// <returns>Null where the whole is to be given.</returns>
    public static ByteRange? Of(string? header, long total)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return null;
        var bounds = header[Unit.Length..].Split('-');
        if (bounds.Length != 2) return null;
        var (first, last) = (bounds[0].Trim(), bounds[1].Trim());
        if (first.Length == 0)
        {
            if (!TryParse(last, out var suffix) || (total == 0 && suffix > 0)) return null;
            return new ByteRange(Math.Max(0, total - suffix), Math.Min(suffix, total));
        }

        if (!TryParse(first, out var start)) return null;
        var end = long.MaxValue;
        if (last.Length > 0 && (!TryParse(last, out end) || end < start)) return null;
        return start >= total ? new ByteRange(start, 0) : new ByteRange(start, Math.Min(end, total - 1) - start + 1);
    }

    /// <summary>The value of <c>Content-Range</c> for this part.</summary>
    /// <param name="total">Bytes of the whole.</param>
    public string ContentRange(long total)
        => Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"bytes */{total}")
            : string.Create(CultureInfo.InvariantCulture, $"bytes {Start}-{Start + Length - 1}/{total}");

    // Numbers beyond 2^63 are beyond every end.
    private static bool TryParse(string text, out long number)
    {
        number = long.MaxValue;
        if (text.Length == 0 || !text.All(char.IsAsciiDigit)) return false;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) number = parsed;
        return true;
    }
}
