using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage;

/// <summary>
/// Values from outside as parts of names. Whatever they hold, they stay what they are put into: a part of one segment. Different values stay
/// different: what is not a letter or digit of ASCII or one of <c>- _ . + = @ ,</c> is written as <c>%XX</c>.
/// </summary>
internal static class SafeText
{
    /// <summary>Stands for a value that is missing or empty.</summary>
    private const string Nothing = "_";

    private const string Allowed = "-_.+=@,";
    private const int KeptOfLong = 160;
    private const int HashDigits = 32;

    private static readonly string[] Reserved = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>A value as a part of a segment.</summary>
    public static string Encode(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty) return Nothing;
        var result = new StringBuilder(value.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        var index = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            var isEdge = index == 0 || index + rune.Utf16SequenceLength >= value.Length;
            index += rune.Utf16SequenceLength;
            if (IsPlain(rune) && !(isEdge && rune.Value == '.')) result.Append((char)rune.Value);
            else foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) result.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    /// <summary>A whole segment, made of literals and encoded values, as file systems take it: not too long, and no device of Windows.</summary>
    public static string Segment(string segment)
    {
        if (IsReserved(segment)) segment = $"%{(int)segment[0]:X2}{segment[1..]}";
        return segment.Length <= ObjectName.MaxSegmentBytes ? segment : Shortened(segment);
    }

    /// <summary>The beginning, a hash of the whole, and the extension. No encoded value has a <c>~</c> in it.</summary>
    private static string Shortened(string segment)
    {
        var dot = segment.LastIndexOf('.');
        var extension = dot >= 0 && segment.Length - dot <= 16 ? segment[dot..] : "";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(segment)))[..HashDigits];
        return $"{segment.AsSpan(0, KeptOfLong).TrimEnd('.')}~{hash}{extension}";
    }

    private static bool IsPlain(Rune rune) => rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Allowed.Contains((char)rune.Value, StringComparison.Ordinal));

    private static bool IsReserved(string segment)
    {
        var dot = segment.IndexOf('.', StringComparison.Ordinal);
        var stem = dot < 0 ? segment : segment[..dot];
        return Array.Exists(Reserved, r => r.Equals(stem, StringComparison.OrdinalIgnoreCase))
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
