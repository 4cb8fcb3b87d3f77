using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Harmony.Jolt.Documents;

/// <summary>Text that stands in a string of JSON as it is.</summary>
/// <remarks>Most strings are short, so they are looked at eight or sixteen characters at a time, without a search that is set up for each.</remarks>
internal static class PlainText
{
    /// <summary>How many bytes of <paramref name="utf8"/> come before a quote, a backslash or a control character.</summary>
    public static int CountFirst(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        for (; Vector128.IsHardwareAccelerated && utf8.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(utf8[at..]);
            var ends = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)' '));
            if (ends != Vector128<byte>.Zero) return at + BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
        }

        while (at < utf8.Length && utf8[at] is >= (byte)' ' and not ((byte)'"' or (byte)'\\')) at++;
        return at;
    }

    /// <summary>Writes <paramref name="text"/> to <paramref name="to"/>, which is as long; false when it is not all plain ASCII.</summary>
    public static bool TryNarrow(ReadOnlySpan<char> text, Span<byte> to)
    {
        if (Vector128.IsHardwareAccelerated && text.Length >= Vector128<ushort>.Count) return TryNarrowVectors(text, to);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' or > '~' or '"' or '\\') return false;
            to[i] = (byte)c;
        }

        return true;
    }

    private static bool TryNarrowVectors(ReadOnlySpan<char> text, Span<byte> to)
    {
        var chars = MemoryMarshal.Cast<char, ushort>(text);
        var last = chars.Length - Vector128<ushort>.Count;
        for (var i = 0; ; i = Math.Min(i + Vector128<ushort>.Count, last)) // the last vector may take some characters again
        {
            var eight = Vector128.Create(chars[i..]);
            var other = Vector128.GreaterThan(eight - Vector128.Create((ushort)' '), Vector128.Create((ushort)('~' - ' ')))
                | Vector128.Equals(eight, Vector128.Create((ushort)'"')) | Vector128.Equals(eight, Vector128.Create((ushort)'\\'));
            if (other != Vector128<ushort>.Zero) return false;
            MemoryMarshal.Write(to[i..], Vector128.Narrow(eight, eight).AsUInt64().ToScalar());
            if (i == last) return true;
        }
    }
}
