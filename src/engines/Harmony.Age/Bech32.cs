using System.Text;

namespace Harmony.Age;

/// <summary>Bech32 (BIP 173) without its limit of 90 characters, as keys of age are written.</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;
    private const int MaxLength = 1000;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Writes bytes behind a prefix, in small letters.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> bytes)
    {
        var values = Regroup(bytes, 8, 5, pads: true)!;
        var checksum = Polymod([.. Expand(prefix), .. values, .. new byte[ChecksumLength]]) ^ 1;
        var text = new StringBuilder(prefix).Append('1');
        foreach (var value in values) text.Append(Alphabet[value]);
        for (var i = 0; i < ChecksumLength; i++) text.Append(Alphabet[(int)((checksum >> (5 * (ChecksumLength - 1 - i))) & 31)]);
        return text.ToString();
    }

    /// <summary>The prefix in small letters and the bytes; null if the text is malformed or its checksum is wrong.</summary>
    public static (string Prefix, byte[] Bytes)? Decode(string text)
    {
        var lower = text.ToLowerInvariant();
        if (text.Length > MaxLength || (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower))) return null;
        var separator = lower.LastIndexOf('1');
        if (separator < 1 || lower.Length - separator - 1 < ChecksumLength) return null;
        var values = lower[(separator + 1)..].Select(c => Alphabet.IndexOf(c, StringComparison.Ordinal)).ToList();
        if (values.Contains(-1)) return null;
        var all = values.ConvertAll(v => (byte)v).ToArray();
        if (Polymod([.. Expand(lower[..separator]), .. all]) != 1) return null;
        return Regroup(all.AsSpan(..^ChecksumLength), 5, 8, pads: false) is { } bytes ? (lower[..separator], bytes) : null;
    }

    private static byte[] Expand(string prefix) => [.. prefix.Select(c => (byte)(c >> 5)), 0, .. prefix.Select(c => (byte)(c & 31))];

    private static uint Polymod(byte[] values)
    {
        uint check = 1;
        foreach (var value in values)
        {
            var top = check >> 25;
            check = ((check & 0x1ffffff) << 5) ^ value;
            for (var i = 0; i < Generator.Length; i++)
            {
                if (((top >> i) & 1) == 1) check ^= Generator[i];
            }
        }

        return check;
    }

    /// <summary>Regroups bits; null if bits are left over that are not padding.</summary>
    private static byte[]? Regroup(ReadOnlySpan<byte> values, int from, int to, bool pads)
    {
        var (bits, count, output) = (0, 0, new List<byte>());
        foreach (var value in values)
        {
            bits = ((bits << from) | value) & 0xffff;
            count += from;
            while (count >= to)
            {
                count -= to;
                output.Add((byte)((bits >> count) & ((1 << to) - 1)));
            }
        }

        var rest = bits & ((1 << count) - 1);
        if (!pads) return count < from && rest == 0 ? [.. output] : null;
        if (count > 0) output.Add((byte)(rest << (to - count)));
        return [.. output];
    }
}
