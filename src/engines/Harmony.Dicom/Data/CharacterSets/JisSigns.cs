using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

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
