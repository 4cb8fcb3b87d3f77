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
