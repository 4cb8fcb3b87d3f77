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
        return Rune.DecodeFromUtf16(chars[..count], out var rune, out var used) == System.Buffers.OperationStatus.Done && used == count
            ? rune
            : Rune.ReplacementChar;
    }
}

/// <summary>The base library's code pages. They are asked for by number, so that nothing has to be registered for the whole process.</summary>
internal static class CodePages
{
    public static Encoding EucJapanese { get; } = Get(51932);

    public static Encoding Japanese0212 { get; } = Get(20932);

    public static Encoding Korean { get; } = Get(949);

    public static Encoding Gbk { get; } = Get(936);

    public static Encoding Gb18030 { get; } = Get(54936);

    /// <summary>Bytes that mean nothing become U+FFFD; characters it has no code for become <c>?</c>.</summary>
    public static Encoding Get(int codePage)
        => CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))
            ?? Encoding.GetEncoding(codePage);
}

/// <summary>
/// Signs that the base library's Japanese code pages give the characters of Windows (wide or similar ones), where JIS X 0208 and JIS X 0212, and all
/// others who read DICOM, mean these.
/// </summary>
internal static class JisSigns
{
    /// <summary>A sign of JIS X 0208, by two bytes of which the high bits do not count; null if the code page has it right.</summary>
    public static Rune? Of0208(byte first, byte second) => Code(first, second) switch
    {
        0x2141 => new Rune('\u301C'), // wave dash
        0x2142 => new Rune('\u2016'), // double vertical line
        0x215D => new Rune('\u2212'), // minus
        0x2171 => new Rune('\u00A2'), // cent
        0x2172 => new Rune('\u00A3'), // pound
        0x224C => new Rune('\u00AC'), // not
        _ => null,
    };

    /// <summary>A sign of JIS X 0212, likewise.</summary>
    public static Rune? Of0212(byte first, byte second) => Code(first, second) switch
    {
        0x2237 => new Rune('~'),
        0x2271 => new Rune('\u2116'), // numero
        _ => null,
    };

    private static int Code(byte first, byte second) => ((first & 0x7F) << 8) | (second & 0x7F);
}
