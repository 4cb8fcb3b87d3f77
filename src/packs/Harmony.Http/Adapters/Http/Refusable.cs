using System.Text;
using Harmony.Http.Services.Http.Forwarding;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Harmony.Http.Adapters.Http;

/// <summary>Forms of requests that two servers may read differently. They are never forwarded.</summary>
internal static class Refusable
{
    /// <summary>Why the request is refused, or null.</summary>
    public static string? Reason(HttpExchange exchange)
    {
        var method = exchange.Request.Method;
        // Methods are case-sensitive (RFC 9110 §9.1), but HttpClient and many origins read "delete" as DELETE: no rule may be bypassed by it.
        if (HttpMethods.GetCanonicalizedValue(method) != method) return "a method that differs from a known one in letter case only";
        if (method == "CONNECT" && exchange.ExtendedConnect is { Protocol: { } protocol } && HttpSwitch.LeadsAround(protocol))
            return "a tunnel for another HTTP";
        return exchange.Request.Headers.TransferEncoding.Count > 0 ? ReasonOfFraming(exchange) : null;
    }

    private static string? ReasonOfFraming(HttpExchange exchange)
    {
        var headers = exchange.Request.Headers;
        // Kestrel moves the Content-Length that stands beside Transfer-Encoding to this field (RFC 9112 §6.3 allows to refuse instead).
        if (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length")) return "both Content-Length and Transfer-Encoding";
        if (exchange.Request.Protocol != "HTTP/1.1") return "Transfer-Encoding outside HTTP/1.1"; // RFC 9112 §6.1, RFC 9113 §8.2.2
        // No other coding is ours to undo, and what Kestrel does not undo the origin would take for content.
        var isChunked = headers.TransferEncoding.Count == 1 && "chunked".Equals(headers.TransferEncoding[0], StringComparison.OrdinalIgnoreCase);
        return isChunked ? null : "a Transfer-Encoding other than chunked";
    }
}

/// <summary>
/// Latin-1 for fields of which Kestrel shows only what it has made of them: here alone their octets are seen as they were sent. What two
/// servers may read differently is no text, and so the request is answered with 400.
/// </summary>
internal sealed class StrictFieldText : Encoding
{
    private const int MostDigits = 19; // of a number of 64 bits

    private static readonly StrictFieldText OfConnection = new(IsSoundConnection);
    private static readonly StrictFieldText OfContentLength = new(
        static octets => octets.Length <= MostDigits && !octets.ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    private readonly Check _isSound;

    private StrictFieldText(Check isSound) => _isSound = isSound;

    private delegate bool Check(ReadOnlySpan<byte> octets);

    /// <summary>The encoding of a field. Values are octets to a gateway: Latin-1 keeps each of them (RFC 9110 §5.5, obs-text).</summary>
    /// <param name="name">The field's name, as Kestrel spells it.</param>
    public static Encoding For(string name) => name switch
    {
        "Connection" => OfConnection,
        "Content-Length" => OfContentLength,
        _ => Latin1,
    };

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <exception cref="InvalidOperationException">It is nothing that may be passed on; Kestrel's word for that, too.</exception>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        => _isSound(bytes) ? Latin1.GetChars(bytes, chars) : throw new InvalidOperationException("a field that two servers may read differently");

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    /// <summary>
    /// Of a list that holds <c>close</c>, <c>keep-alive</c> or <c>upgrade</c> Kestrel keeps only that. Other names in it would not be known
    /// as those of fields that are for us alone (RFC 9110 §7.6.1), unless they are always.
    /// </summary>
    private static bool IsSoundConnection(ReadOnlySpan<byte> octets)
    {
        if (octets.IndexOf((byte)',') < 0) return true;
        var list = Latin1.GetString(octets);
        var named = HopByHopFields.NamedBy(list);
        return named is null || named.All(HopByHopFields.Contains) || !HopByHopFields.HoldsOption(list);
    }
}

/// <summary>How far a request may go: not twice through one pipeline, and not beyond its <c>Max-Forwards</c>.</summary>
internal static class HopLimits
{
    /// <summary>Whether a gateway of this name has forwarded the request before (RFC 9110 §7.6.3), so that it goes round in a loop.</summary>
    public static bool HasPassed(StringValues via, string name)
    {
        foreach (var line in via)
        {
            if (line is null || !line.Contains(name, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var range in line.AsSpan().Split(','))
            {
                if (ReceivedBy(line.AsSpan(range)).Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }

    /// <summary>Whether the gateway is the last that may get the request (RFC 9110 §7.6.2).</summary>
    public static bool EndsHere(IHttpRequestFeature request)
        => request.Method is "OPTIONS" or "TRACE" && MaxForwards.TryParse(request.Headers.MaxForwards, out var left) && left == 0;

    /// <summary>The second word of <c>1.1 name (comment)</c>.</summary>
    private static ReadOnlySpan<char> ReceivedBy(ReadOnlySpan<char> hop)
    {
        hop = hop.Trim();
        var blank = hop.IndexOfAny(' ', '\t');
        if (blank < 0) return default;
        hop = hop[blank..].TrimStart();
        blank = hop.IndexOfAny(' ', '\t');
        return blank < 0 ? hop : hop[..blank];
    }
}
