namespace Harmony.Dicom.Data;

/// <summary>A value representation (PS3.5 §6.2). The number of each is its two letters as they stand in explicit VR encodings.</summary>
public enum Vr : ushort
{
    /// <summary>Application entity title.</summary>
    AE = ('A' << 8) | 'E',

    /// <summary>Age string, <c>018M</c>.</summary>
    AS = ('A' << 8) | 'S',

    /// <summary>Attribute tag.</summary>
    AT = ('A' << 8) | 'T',

    /// <summary>Code string.</summary>
    CS = ('C' << 8) | 'S',

    /// <summary>Date, <c>YYYYMMDD</c>.</summary>
    DA = ('D' << 8) | 'A',

    /// <summary>Decimal string.</summary>
    DS = ('D' << 8) | 'S',

    /// <summary>Date and time.</summary>
    DT = ('D' << 8) | 'T',

    /// <summary>Double precision floating point.</summary>
    FD = ('F' << 8) | 'D',

    /// <summary>Single precision floating point.</summary>
    FL = ('F' << 8) | 'L',

    /// <summary>Integer string.</summary>
    IS = ('I' << 8) | 'S',

    /// <summary>Long string.</summary>
    LO = ('L' << 8) | 'O',

    /// <summary>Long text.</summary>
    LT = ('L' << 8) | 'T',

    /// <summary>Other bytes.</summary>
    OB = ('O' << 8) | 'B',

    /// <summary>Other doubles.</summary>
    OD = ('O' << 8) | 'D',

    /// <summary>Other floats.</summary>
    OF = ('O' << 8) | 'F',

    /// <summary>Other 32-bit words.</summary>
    OL = ('O' << 8) | 'L',

    /// <summary>Other 64-bit words.</summary>
    OV = ('O' << 8) | 'V',

    /// <summary>Other 16-bit words.</summary>
    OW = ('O' << 8) | 'W',

    /// <summary>Person name.</summary>
    PN = ('P' << 8) | 'N',

    /// <summary>Short string.</summary>
    SH = ('S' << 8) | 'H',

    /// <summary>Signed 32-bit.</summary>
    SL = ('S' << 8) | 'L',

    /// <summary>Sequence of items.</summary>
    SQ = ('S' << 8) | 'Q',

    /// <summary>Signed 16-bit.</summary>
    SS = ('S' << 8) | 'S',

    /// <summary>Short text.</summary>
    ST = ('S' << 8) | 'T',

    /// <summary>Signed 64-bit.</summary>
    SV = ('S' << 8) | 'V',

    /// <summary>Time.</summary>
    TM = ('T' << 8) | 'M',

    /// <summary>Unlimited characters.</summary>
    UC = ('U' << 8) | 'C',

    /// <summary>Unique identifier.</summary>
    UI = ('U' << 8) | 'I',

    /// <summary>Unsigned 32-bit.</summary>
    UL = ('U' << 8) | 'L',

    /// <summary>Unknown.</summary>
    UN = ('U' << 8) | 'N',

    /// <summary>URI or URL.</summary>
    UR = ('U' << 8) | 'R',

    /// <summary>Unsigned 16-bit.</summary>
    US = ('U' << 8) | 'S',

    /// <summary>Unlimited text.</summary>
    UT = ('U' << 8) | 'T',

    /// <summary>Unsigned 64-bit.</summary>
    UV = ('U' << 8) | 'V',
}

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
    public static bool IsText(this Vr vr)
        => vr is Vr.AE or Vr.AS or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.IS or Vr.TM or Vr.UI or Vr.UR || vr.UsesCharacterSet();

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

    /// <summary>
    /// The most characters a value may have (bytes where no character set applies; of PN each component group); 0 where only the length field limits it.
    /// </summary>
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
