using System.Buffers;
using System.Text;

namespace Harmony.Core.Routing;

/// <summary>Reads percent-encoded text (RFC 3986 2.1).</summary>
internal static class PercentEncoding
{
    /// <summary>Characters of one escape, <c>%41</c>.</summary>
    internal const int EscapeLength = 3;

    private const int MaxUtf8Length = 4;

    /// <summary>Reads the escape that <paramref name="text"/> starts with.</summary>
    internal static bool TryReadByte(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        return text.Length >= EscapeLength && text[0] == '%' && TryReadHex(text[1..], out value);
    }

    /// <summary>Reads the character whose UTF-8 escapes <paramref name="text"/> starts with; false for overlong, lone and truncated bytes.</summary>
    internal static bool TryReadRune(ReadOnlySpan<char> text, out Rune rune, out int charsRead)
    {
        Span<byte> bytes = stackalloc byte[MaxUtf8Length];
        var count = 0;
        while (count < MaxUtf8Length && TryReadByte(text[(count * EscapeLength)..], out bytes[count])) count++;
        var status = Rune.DecodeFromUtf8(bytes[..count], out rune, out var bytesRead);
        charsRead = bytesRead * EscapeLength;
        return status == OperationStatus.Done;
    }

    /// <summary>Whether a dot, a separator, NUL or a line break in <paramref name="path"/> is encoded more than once: <c>%252e</c>, <c>%25252F</c>.</summary>
    internal static bool HidesSpecialCharacter(ReadOnlySpan<char> path)
    {
        while (path.IndexOf("%25") is var at && at >= 0)
        {
            path = path[(at + EscapeLength)..];
            while (path.StartsWith("25")) path = path[2..]; // encoded thrice and more
            if (path.Length >= 2 && TryReadHex(path, out var hidden) && IsSpecial(hidden)) return true;
        }
        return false;
    }

    private static bool TryReadHex(ReadOnlySpan<char> digits, out byte value)
    {
        value = 0;
        if (!char.IsAsciiHexDigit(digits[0]) || !char.IsAsciiHexDigit(digits[1])) return false;
        value = (byte)((HexValue(digits[0]) << 4) | HexValue(digits[1]));
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // C0 and C1 occur in UTF-8 only as the start of an overlong dot or slash.
    private static bool IsSpecial(byte value)
        => value is 0 or (byte)'\r' or (byte)'\n' or (byte)'.' or (byte)'/' or (byte)'\\' or (byte)';' or 0xC0 or 0xC1;
}
