using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>Walks through the lines of a head, or of trailers, that have been received as a whole. Lines may end in LF alone (RFC 9112 §2.2).</summary>
internal ref struct FieldLines(ReadOnlySpan<byte> received)
{
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly ReadOnlySpan<byte> _received = received;

    /// <summary>Bytes that have been walked through.</summary>
    public int Position { get; private set; }

    /// <summary>Whether an empty line is there, which ends the head.</summary>
    public static bool HasWholeHead(ReadOnlySpan<byte> received)
    {
        for (var rest = received; ;)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0) return false;
            rest = rest[(end + 1)..];
            if (rest.StartsWith("\n"u8) || rest.StartsWith("\r\n"u8)) return true;
        }
    }

    /// <summary>The next line without its end; false at the empty line that ends the head, which is walked through.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        var rest = _received[Position..];
        var end = rest.IndexOf((byte)'\n');
        line = rest[..end];
        Position += end + 1;
        if (line.EndsWith("\r"u8)) line = line[..^1];
        return !line.IsEmpty;
    }

    /// <summary>The next field.</summary>
    /// <param name="name">A token.</param>
    /// <param name="value">Without surrounding white space.</param>
    /// <param name="folded">The value where it goes over several lines, with a space for each fold (RFC 9112 §5.2); else null.</param>
    /// <exception cref="HttpRequestException">It is not a field.</exception>
    public bool TryNextField(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out string? folded)
    {
        name = value = default;
        folded = null;
        if (!TryNext(out var line)) return false;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameOctets)) throw ResponseHead.Invalid("a field without a name");
        name = line[..colon];
        value = Checked(line[(colon + 1)..]);
        while (_received[Position] is (byte)' ' or (byte)'\t' && TryNext(out var more))
        {
            folded = $"{folded ?? Encoding.Latin1.GetString(value)} {Encoding.Latin1.GetString(Checked(more))}";
        }

        return true;
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> value)
        => value.ContainsAny("\r\0"u8) ? throw ResponseHead.Invalid("a field with a carriage return or NUL") : value.Trim(" \t"u8);
}

/// <summary>
/// Makes strings of the names and values of field lines, and keeps them: the same line mostly comes again in the next answer on a connection.
/// </summary>
internal sealed class FieldStrings
{
    private const int Lines = 24;
    private const int MaxLength = 128;

    private readonly string?[] _names = new string?[Lines];
    private readonly string?[] _values = new string?[Lines];

    /// <summary>The name on a line of an answer.</summary>
    public string Name(int line, ReadOnlySpan<byte> bytes) => Of(_names, line, bytes);

    /// <summary>The value on a line of an answer.</summary>
    public string Value(int line, ReadOnlySpan<byte> bytes) => Of(_values, line, bytes);

    private static string Of(string?[] known, int line, ReadOnlySpan<byte> bytes)
    {
        if (line >= Lines || bytes.Length > MaxLength) return Encoding.Latin1.GetString(bytes);
        if (known[line] is { } last && last.Length == bytes.Length && Ascii.Equals(bytes, last)) return last;
        return known[line] = Encoding.Latin1.GetString(bytes);
    }
}

/// <summary>The text behind the status of a response (RFC 9112 §4). Only HTTP/1.1 has one.</summary>
internal static class ReasonPhrase
{
    private const int MaxLength = 128;

    /// <summary>The phrase as a string, where it is not the usual one, which the web server writes by itself.</summary>
    /// <returns>Null for the usual one, for none, and for one that holds other characters than visible ASCII and blanks.</returns>
    public static string? Of(int status, ReadOnlySpan<byte> phrase)
    {
        if (phrase.IsEmpty || phrase.Length > MaxLength || Ascii.Equals(phrase, ReasonPhrases.GetReasonPhrase(status))) return null;
        return phrase.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(phrase);
    }
}
