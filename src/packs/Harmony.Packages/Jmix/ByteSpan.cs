using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmony.Packages.Jmix;

/// <summary>The bytes of a file that a request wants.</summary>
/// <param name="Start">The first byte, from 0.</param>
/// <param name="Length">How many.</param>
/// <param name="Total">How many the file has.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteSpan(long Start, long Length, long Total)
{
    /// <summary>Whether all bytes are wanted.</summary>
    public bool IsWhole => Length == Total;

    /// <summary>All bytes.</summary>
    public static ByteSpan Whole(long total) => new(0, total, total);

    /// <summary>
    /// Reads a <c>Range</c> field (RFC 9110 §14.2). A field of another unit, of several ranges or with mistakes is ignored, as the standard wants it.
    /// </summary>
    /// <returns>Null if the range lies outside the file.</returns>
    public static ByteSpan? Of(string? range, long total)
    {
        if (range is null || !range.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || range.Contains(',', StringComparison.Ordinal)) return Whole(total);
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) return Whole(total);
        var (first, last) = (range["bytes=".Length..dash].Trim(), range[(dash + 1)..].Trim());
        if (first.Length == 0)
        {
            if (!TryNumber(last, out var suffix)) return Whole(total);
            return suffix == 0 ? null : new ByteSpan(Math.Max(0, total - suffix), Math.Min(suffix, total), total);
        }

        if (!TryNumber(first, out var start)) return Whole(total);
        var end = total - 1;
        if (last.Length > 0 && (!TryNumber(last, out end) || end < start)) return Whole(total);
        return start >= total ? null : new ByteSpan(start, Math.Min(end, total - 1) - start + 1, total);
    }

    /// <summary>Those bytes of a file as a stream.</summary>
    public Stream Of(FileStream file)
    {
        file.Position = Start;
        return IsWhole ? file : new PartOfFile(file, Length);
    }

    private static bool TryNumber(string text, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private sealed class PartOfFile(FileStream file, long length) : Harmony.Core.Content.AsyncReadStream
    {
        private long _left = length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0) return 0;
            var read = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}
