using System.Security;
using System.Text;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>Replaces base URLs: the server's by the gateway's in responses, the gateway's by the server's in requests.</summary>
internal sealed class BaseMap
{
    private readonly byte[][] _from;
    private readonly byte[] _to;
    private readonly byte[][] _authorities;

    /// <param name="from">Bases that are replaced, without a slash at the end; the longest that fits counts.</param>
    /// <param name="to">The base that replaces them, without a slash at the end.</param>
    public BaseMap(IEnumerable<string> from, string to)
    {
        To = to.TrimEnd('/');
        From = [.. from.Select(f => f.TrimEnd('/')).Where(f => f.Length > 0 && f != To).Distinct(StringComparer.Ordinal).OrderByDescending(f => f.Length)];
        _from = [.. From.Select(Encoding.UTF8.GetBytes)];
        _to = Encoding.UTF8.GetBytes(To);
        _authorities = [.. From.Select(AuthorityOf).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        ToXml = Encoding.UTF8.GetBytes(SecurityElement.Escape(To));
        Longest = _from.Length == 0 ? 0 : _from.Max(f => f.Length);
    }

    /// <summary>The bases that are replaced, the longest first.</summary>
    public IReadOnlyList<string> From { get; }

    /// <summary>The base that replaces them.</summary>
    public string To { get; }

    /// <summary><see cref="To"/> as the bytes of an XML attribute.</summary>
    public byte[] ToXml { get; }

    /// <summary>Bytes of the longest base.</summary>
    public int Longest { get; }

    /// <summary>Whether no base is replaced.</summary>
    public bool IsEmpty => _from.Length == 0;

    /// <summary>Finds the base that a URL begins with. Scheme, host, port and path segments are compared whole.</summary>
    /// <param name="text">
    /// The beginning of a JSON string, with <c>/</c> or <c>\/</c> for slashes: at least 2 × <see cref="Longest"/> + 1 bytes, or the whole string.
    /// </param>
    /// <param name="consumed">How many bytes of the text the base takes.</param>
    /// <param name="to">The bytes that replace them.</param>
    public bool TryMatch(ReadOnlySpan<byte> text, out int consumed, out ReadOnlySpan<byte> to)
    {
        to = _to;
        foreach (var from in _from)
        {
            if (TryMatch(text, from, out consumed)) return true;
        }

        consumed = 0;
        return false;
    }

    /// <summary>
    /// Where the last host and port of a base ends in a text; no base follows. Host and port have no slashes, which JSON writes in two ways.
    /// </summary>
    public int EndOfMentions(ReadOnlySpan<byte> text)
    {
        var end = 0;
        foreach (var authority in _authorities)
        {
            if (text[end..].LastIndexOf(authority) is >= 0 and var at) end += at + authority.Length;
        }

        return end;
    }

    /// <summary>A URL with its base replaced, or as it is where it begins with no base.</summary>
    public string Map(string url)
    {
        var text = Encoding.UTF8.GetBytes(url);
        return TryMatch(text, out var consumed, out _) ? To + Encoding.UTF8.GetString(text, consumed, text.Length - consumed) : url;
    }

    private static string AuthorityOf(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        return url.IndexOf('/', start) is >= 0 and var end ? url[start..end] : url[start..];
    }

    private static bool TryMatch(ReadOnlySpan<byte> text, ReadOnlySpan<byte> from, out int consumed)
    {
        consumed = 0;
        foreach (var expected in from)
        {
            if (expected == '/' && consumed + 1 < text.Length && text[consumed] == '\\' && text[consumed + 1] == '/') consumed++;
            if (consumed >= text.Length || text[consumed] != expected) return false;
            consumed++;
        }

        // "https://host/fhir2" is another server's than "https://host/fhir".
        return consumed == text.Length || text[consumed] is (byte)'/' or (byte)'?' or (byte)'#' or (byte)'\\';
    }
}
