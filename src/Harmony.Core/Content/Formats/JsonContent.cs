using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;

namespace Harmony.Core.Content.Formats;

/// <summary>JSON bodies: UTF-8, or another charset if the content type or a byte order mark says so.</summary>
internal static class JsonContent
{
    /// <exception cref="ContentException">They are not JSON, or nest too deeply.</exception>
    public static JsonNode? Read(ReadOnlyMemory<byte> bytes, string? charset)
    {
        var utf8 = Charsets.IsUtf8(bytes.Span, charset) ? bytes : Encoding.UTF8.GetBytes(Charsets.Decode(bytes.Span, charset));
        try
        {
            return JsonText.Parse(utf8);
        }
        catch (JsonException e)
        {
            throw ContentException.Malformed($"is not JSON: {JsonText.Where(e)}", e);
        }
    }

    /// <summary>An object or an array that was sent with another content type; null for everything else.</summary>
    public static JsonNode? TryRead(ReadOnlyMemory<byte> bytes, string? charset)
    {
        if (!MayBe(bytes.Span)) return null;
        try
        {
            return Read(bytes, charset);
        }
        catch (ContentException)
        {
            return null;
        }
    }

    /// <summary>Whether an object or an array may begin here; the zeros are halves of UTF-16, the rest byte order marks.</summary>
    private static bool MayBe(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> skipped = [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF];
        var start = bytes.IndexOfAnyExcept(skipped);
        return start >= 0 && bytes[start] is (byte)'{' or (byte)'[';
    }
}
