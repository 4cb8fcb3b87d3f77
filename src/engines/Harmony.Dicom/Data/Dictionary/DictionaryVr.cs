namespace Harmony.Dicom.Data.Dictionary;

/// <summary>VRs in the order in which the generated tables number them (eng/dicom-dictionary.cs).</summary>
internal static class DictionaryVr
{
    private const int FirstAmbiguous = 34;

    private static readonly Vr[] Order =
    [
        Vr.AE, Vr.AS, Vr.AT, Vr.CS, Vr.DA, Vr.DS, Vr.DT, Vr.FD, Vr.FL, Vr.IS, Vr.LO, Vr.LT, Vr.OB, Vr.OD, Vr.OF, Vr.OL, Vr.OV, Vr.OW, Vr.PN, Vr.SH, Vr.SL, Vr.SQ, Vr.SS,
        Vr.ST, Vr.SV, Vr.TM, Vr.UC, Vr.UI, Vr.UL, Vr.UN, Vr.UR, Vr.US, Vr.UT, Vr.UV,
        Vr.US, Vr.OW, Vr.OW, Vr.OW, Vr.UL, // xs, ox, px, lt, up
    ];

    /// <summary>The VR, of several that are possible the one that implicit VR data have.</summary>
    public static Vr Main(byte index) => Order[index];

    /// <summary>The other VR that is possible: SS for US, OB for OW, US for the OW of a lookup table.</summary>
    public static Vr? Alternative(byte index) => (index - FirstAmbiguous) switch
    {
        0 => Vr.SS,
        1 or 2 => Vr.OB,
        3 => Vr.US,
        _ => null,
    };
}
