using System.IO.Compression;
using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>Undoes <c>Content-Encoding</c> (RFC 9110 §8.4) for a step that wants to read. The received bytes stay as they are.</summary>
internal static class ContentCodings
{
    /// <summary>Codings in one field; each multiplies what a few bytes can become.</summary>
    private const int MostCodings = 3;

    /// <summary>The bytes without their codings.</summary>
    /// <param name="bytes">As received.</param>
    /// <param name="field">The value of <c>Content-Encoding</c>, or null.</param>
    /// <param name="limit">Most bytes that may come out (<c>content_limits.max_body_size</c>); no more are ever produced.</param>
    /// <exception cref="ContentException">Too much comes out, it is damaged, or the coding is not known.</exception>
    public static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> bytes, string? field, long limit)
    {
        if (string.IsNullOrEmpty(field)) return bytes;
        var codings = field.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (codings.Length > MostCodings) throw Unsupported();
        for (var i = codings.Length - 1; i >= 0; i--) // applied in the order listed, so undone from the end
        {
            if (!codings[i].Equals("identity", StringComparison.OrdinalIgnoreCase)) bytes = Undo(bytes, codings[i].ToLowerInvariant(), limit, i);
        }

        return bytes;
    }

    private static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> bytes, string coding, long limit, int outer)
    {
        using var packed = new MemoryStream(bytes.ToArray(), writable: false);
        using Stream plain = coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" when HasZlibHead(bytes.Span) => new ZLibStream(packed, CompressionMode.Decompress),
            "deflate" => new DeflateStream(packed, CompressionMode.Decompress), // without the head: a mistake of old that is still made
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            _ => throw Unsupported(),
        };
        try
        {
            return ReadToEnd(plain, limit);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw ContentException.Malformed(outer == 0 ? $"is damaged: it is not {coding}" : "is damaged: its content codings cannot be undone", e);
        }
    }

    /// <summary>Grows with what comes, never by what a header promises.</summary>
    private static ReadOnlyMemory<byte> ReadToEnd(Stream plain, long limit)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (plain.Read(buffer) is var read and > 0)
        {
            if (all.Length + read > limit)
            {
                throw new ContentException(FaultKind.TooLarge, $"is larger, decompressed, than content_limits.max_body_size = {limit} bytes");
            }

            all.Write(buffer, 0, read);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    /// <summary>RFC 1950 §2.2: method 8, and the first two bytes are a multiple of 31.</summary>
    private static bool HasZlibHead(ReadOnlySpan<byte> bytes) => bytes.Length >= 2 && (bytes[0] & 0x0F) == 8 && ((bytes[0] << 8) | bytes[1]) % 31 == 0;

    private static ContentException Unsupported()
        => new(FaultKind.UnsupportedContent, "has a content coding that cannot be undone; gzip, deflate and br can");
}
