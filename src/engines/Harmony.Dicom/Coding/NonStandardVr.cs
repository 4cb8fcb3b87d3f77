using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Coding;

/// <summary>VRs that programs write though the standard has none of them: in lower case, or names of theirs for a choice that they did not make.</summary>
internal static class NonStandardVr
{
    /// <summary>Finds the VR that two letters of which one at least is lower case are meant to be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> letters, DicomTag tag, out Vr vr)
    {
        vr = default;
        if (!char.IsAsciiLetter((char)letters[0]) || !char.IsAsciiLetter((char)letters[1])) return false;
        if (letters.SequenceEqual("ox"u8) || letters.SequenceEqual("px"u8)) vr = DicomDictionary.VrOf(tag) is Vr.OW ? Vr.OW : Vr.OB;
        else if (letters.SequenceEqual("xs"u8)) vr = Vr.US;
        else vr = (Vr)((char.ToUpperInvariant((char)letters[0]) << 8) | char.ToUpperInvariant((char)letters[1]));
        return vr.IsKnown();
    }
}
