namespace Harmony.Dicom.Data;

/// <summary>What PS3.5 table 6.2-1 says about each value representation.</summary>
public static class VrExtensions
{
    /// <summary>Whether these two letters name a VR of the standard.</summary>
    public static bool IsKnown(this Vr vr) => vr is Vr.AE or Vr.AS or Vr.AT or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.FD or Vr.FL or Vr.IS or Vr.LO or Vr.LT
        or Vr.PN or Vr.SH or Vr.SL or Vr.SS or Vr.ST or Vr.TM or Vr.UI or Vr.UL or Vr.US || vr.HasLongLength();

    /// <summary>Whether the length takes 32 bits (after two reserved bytes) in explicit VR encodings: PS3.5 §7.1.2.</summary>
    public static bool HasLongLength(this Vr vr)
        => vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.SQ or Vr.SV or Vr.UC or Vr.UN or Vr.UR or Vr.UT or Vr.UV;

    /// <summary>Whether values are text.</summary>
    public static bool IsText(this Vr vr) => vr is Vr.AE or Vr.AS or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.IS or Vr.TM or Vr.UI or Vr.UR || vr.UsesCharacterSet();

    /// <summary>Whether (0008,0005) Specific Character Set applies; other text is ASCII.</summary>
    public static bool UsesCharacterSet(this Vr vr) => vr is Vr.LO or Vr.LT or Vr.PN or Vr.SH or Vr.ST or Vr.UC or Vr.UT;

    /// <summary>Whether a backslash separates values. In LT, ST, UT and UR it is a character like others.</summary>
    public static bool IsMultiValuedText(this Vr vr) => vr.IsText() && vr is not (Vr.LT or Vr.ST or Vr.UT or Vr.UR);

    /// <summary>Whether values are a blob, which DICOM JSON writes as base64 or as a reference.</summary>
    public static bool IsBulk(this Vr vr) => vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.UN;

    /// <summary>The size of the words whose bytes depend on the byte order, in bytes: 2 for US, OW and the halves of AT; 1 for text and bytes.</summary>
    public static int WordSize(this Vr vr) => vr switch
    {
        Vr.AT or Vr.US or Vr.SS or Vr.OW => 2,
        Vr.UL or Vr.SL or Vr.FL or Vr.OF or Vr.OL => 4,
        Vr.UV or Vr.SV or Vr.FD or Vr.OD or Vr.OV => 8,
        _ => 1,
    };

    /// <summary>The size of one binary value in bytes; 0 for text, sequences and UN.</summary>
    public static int ValueSize(this Vr vr) => vr switch
    {
        Vr.AT => 4,
        Vr.OB => 1,
        _ => vr.WordSize() is var size and > 1 ? size : 0,
    };

    /// <summary>What fills a value up to an even length: a space for text, NUL for UI and binary values.</summary>
    public static byte Padding(this Vr vr) => vr.IsText() && vr != Vr.UI ? (byte)' ' : (byte)0;

    /// <summary>The most characters a value may have (bytes where no character set applies; of PN each component group); 0 where only the length field limits it.</summary>
    public static int MaxCharacters(this Vr vr) => vr switch
    {
        Vr.AE or Vr.CS or Vr.DS or Vr.SH => 16,
        Vr.AS => 4,
        Vr.DA => 18, // a range in a query; 8 otherwise
        Vr.DT => 54,
        Vr.IS => 12,
        Vr.LO or Vr.PN or Vr.UI => 64,
        Vr.TM => 28,
        Vr.ST => 1024,
        Vr.LT => 10240,
        _ => 0,
    };

    /// <summary>The two letters.</summary>
    public static string ToLetters(this Vr vr) => vr.IsKnown() ? vr.ToString() : $"{(char)((ushort)vr >> 8)}{(char)((ushort)vr & 0xFF)}";

    /// <summary>The VR that two letters name.</summary>
    public static bool TryParse(ReadOnlySpan<char> letters, out Vr vr)
    {
        vr = letters.Length == 2 && letters[0] < 128 && letters[1] < 128 ? (Vr)((letters[0] << 8) | letters[1]) : default;
        return vr.IsKnown();
    }
}
