using System.Buffers;
using System.Text;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>Walks through the lines of a head, or of trailers, that have been received as a whole. Lines may end in LF alone (RFC 9112 §2.2).</summary>
internal ref struct FieldLines(ReadOnlySpan<byte> received)
{
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

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
