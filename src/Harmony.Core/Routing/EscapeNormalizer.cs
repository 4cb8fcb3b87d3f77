using System.Buffers;
using System.Text;

namespace Harmony.Core.Routing;

/// <summary>Writes path text with the one spelling each character has in a canonical path: as such where allowed, else <c>%XX</c> in upper case.</summary>
/// <param name="output">Where to write; <see cref="MaxLength"/> characters suffice.</param>
internal ref struct EscapeNormalizer(Span<char> output)
{
    private const int Refused = 0;
    private readonly Span<char> _output = output;
    private int _written;

    /// <summary>The text written so far.</summary>
    public readonly Span<char> Written => _output[.._written];

    /// <summary>The separators in disguise that were met.</summary>
    public PathOddities Oddities { get; private set; }

    /// <summary>Why <see cref="TryAppend"/> answered false.</summary>
    public string? Reason { get; private set; }

    /// <summary>The most characters that <paramref name="raw"/> can become: three for a byte, three bytes for a UTF-16 unit.</summary>
    public static int MaxLength(ReadOnlySpan<char> raw) => raw.Length * (Ascii.IsValid(raw) ? 3 : 9);

    /// <summary>Appends <paramref name="raw"/>; false if it holds something no path may hold.</summary>
    public bool TryAppend(ReadOnlySpan<char> raw)
    {
        while (true)
        {
            var plain = raw.IndexOfAnyExcept(PathCharacters.Plain);
            if (plain < 0) plain = raw.Length;
            Append(raw[..plain]);
            raw = raw[plain..];
            if (raw.IsEmpty) return true;

            var used = raw[0] == '%' ? AppendEscape(raw) : AppendRaw(raw);
            if (used == Refused) return false;
            raw = raw[used..];
        }
    }

    private int AppendEscape(ReadOnlySpan<char> raw)
    {
        if (!PercentEncoding.TryReadByte(raw, out var value)) return Refuse("invalid percent-encoding in the path");
        if (value >= 0x80) return AppendUtf8Escapes(raw);
        if (value is < 0x20 or 0x7F) return Refuse("encoded control character in the path");

        if (PathCharacters.Unreserved.Contains((char)value)) _output[_written++] = (char)value;
        else AppendByte(value);
        return PercentEncoding.EscapeLength;
    }

    private int AppendUtf8Escapes(ReadOnlySpan<char> raw)
    {
        if (!PercentEncoding.TryReadRune(raw, out var rune, out var charsRead)) return Refuse("percent-encoded bytes in the path are not UTF-8");
        return AppendRune(rune) ? charsRead : Refused;
    }

    private int AppendRaw(ReadOnlySpan<char> raw)
    {
        if (raw[0] == '#') return Refuse("fragment in the request target");
        if (raw[0] == '?') return Refuse("query where only a path is allowed");
        if (Rune.DecodeFromUtf16(raw, out var rune, out var charsRead) != OperationStatus.Done) return Refuse("lone surrogate in the path");
        return AppendRune(rune) ? charsRead : Refused;
    }

    private bool AppendRune(Rune rune)
    {
        if (Rune.IsControl(rune))
        {
            Refuse("control character in the path");
            return false;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) AppendByte(value);
        return true;
    }

    private void AppendByte(byte value)
    {
        const string Digits = "0123456789ABCDEF";
        if (value == '/') Oddities |= PathOddities.EncodedSlash;
        if (value == '\\') Oddities |= PathOddities.EncodedBackslash;
        _output[_written++] = '%';
        _output[_written++] = Digits[value >> 4];
        _output[_written++] = Digits[value & 0xF];
    }

    private void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(_output[_written..]);
        _written += text.Length;
    }

    private int Refuse(string reason)
    {
        Reason = reason;
        return Refused;
    }
}

/// <summary>The character classes of RFC 3986, ready for vectorised search.</summary>
internal static class PathCharacters
{
    private const string UnreservedText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    /// <summary>Characters whose percent-encoding means the same as the character (2.3).</summary>
    internal static readonly SearchValues<char> Unreserved = SearchValues.Create(UnreservedText);

    /// <summary>Characters that stand in a canonical path as they are (3.3); everything else is an escape or has to become one.</summary>
    internal static readonly SearchValues<char> Plain = SearchValues.Create(UnreservedText + SubDelimiters + ":@/");

    /// <summary>Reserved characters without a role in our paths: encoded or not, a server reads the same text.</summary>
    internal static readonly SearchValues<char> RoleLess = SearchValues.Create(SubDelimiters + ":@");

    /// <summary>Without these a plain path has neither dot segments nor repeated slashes.</summary>
    internal static readonly SearchValues<string> SegmentsToInspect = SearchValues.Create(["//", "/."], StringComparison.Ordinal);

    /// <summary>What some server behind us may take for a separator.</summary>
    internal static readonly SearchValues<string> EncodedSeparators = SearchValues.Create(["%2F", "%5C"], StringComparison.Ordinal);

    /// <summary>
    /// What a query may hold: visible ASCII, but nothing that would end it early. Anything else is escaped (3.4) or differs from server to server.
    /// </summary>
    internal static readonly SearchValues<char> InQuery = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '#')]);

    /// <summary>What a host and a port are written with (3.2.2, 3.2.3). No <c>@</c>: user names in a target are refused (RFC 9110 4.2.4).</summary>
    internal static readonly SearchValues<char> Authority = SearchValues.Create(UnreservedText + SubDelimiters + "%:[]");
}
