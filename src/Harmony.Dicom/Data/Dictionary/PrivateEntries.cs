namespace Harmony.Dicom.Data.Dictionary;

/// <summary>VRs of elements that vendors have published, by creator.</summary>
internal static partial class PrivateEntries
{
    /// <summary>Finds the VR of a private element, whatever block of elements its creator has reserved.</summary>
    public static bool TryGetVr(string creator, uint tag, out Vr vr, out Vr? alternative)
    {
        (vr, alternative) = (Vr.UN, null);
        var index = Array.BinarySearch(Creators, creator, StringComparer.Ordinal);
        if (index < 0) return false;
        var entry = Keys.BinarySearch(((ulong)index << 32) | (tag & 0xFFFF00FF));
        if (entry < 0) return false;
        (vr, alternative) = (DictionaryVr.Main(Vrs[entry]), DictionaryVr.Alternative(Vrs[entry]));
        return true;
    }
}
