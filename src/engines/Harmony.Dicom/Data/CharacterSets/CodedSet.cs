using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

/// <summary>A set of characters that ISO 2022 escapes can bring into use, and how its codes become characters.</summary>
internal sealed class CodedSet
{
    private readonly Func<byte, byte, Rune> _decode;

    private CodedSet(int width, Func<byte, byte, Rune> decode) => (Width, _decode) = (width, decode);

    public static CodedSet Ascii { get; } = new(1, (b, _) => new Rune((char)b));

    /// <summary>ISO-IR 14: ASCII but for two signs. 0x5C stays the separator it is for DICOM, though terminals in Japan show a yen sign.</summary>
    public static CodedSet Romaji { get; } = new(1, (b, _) => b == 0x7E ? new Rune('‾') : new Rune((char)b));

    /// <summary>ISO-IR 13: halfwidth katakana.</summary>
    public static CodedSet Katakana { get; } = new(1, (b, _) => b is >= 0xA1 and <= 0xDF ? new Rune(0xFF61 + b - 0xA1) : Rune.ReplacementChar);

    /// <summary>ISO-IR 87: two bytes for a kanji.</summary>
    public static CodedSet Jis0208 { get; } = new(2, (a, b) => JisSigns.Of0208(a, b) ?? Single(CodePages.EucJapanese, (byte)(a | 0x80), (byte)(b | 0x80)));

    /// <summary>ISO-IR 159: further kanji. The code page marks them by a second byte without its high bit.</summary>
    public static CodedSet Jis0212 { get; } = new(2, (a, b) => JisSigns.Of0212(a, b) ?? Single(CodePages.Japanese0212, (byte)(a | 0x80), (byte)(b & 0x7F)));

    /// <summary>ISO-IR 149: hangul and hanja.</summary>
    public static CodedSet KsX1001 { get; } = new(2, (a, b) => Single(CodePages.Korean, (byte)(a | 0x80), (byte)(b | 0x80)));

    /// <summary>ISO-IR 58: simplified Chinese.</summary>
    public static CodedSet Gb2312 { get; } = new(2, (a, b) => Single(CodePages.Gbk, (byte)(a | 0x80), (byte)(b | 0x80)));

    /// <summary>How many bytes a character takes.</summary>
    public int Width { get; }

    public static CodedSet Of(Encoding codePage) => new(1, (b, _) => Single(codePage, b));

    public Rune Decode(byte first, byte second) => _decode(first, second);

    private static Rune Single(Encoding encoding, params ReadOnlySpan<byte> code)
    {
        Span<char> chars = stackalloc char[4];
        var count = encoding.GetChars(code, chars);
        return Rune.DecodeFromUtf16(chars[..count], out var rune, out var used) == System.Buffers.OperationStatus.Done && used == count ? rune : Rune.ReplacementChar;
    }
}
