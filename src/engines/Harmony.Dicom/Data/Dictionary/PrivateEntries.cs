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
        // Some creators always have the same blocks, and a meaning for an element of each.
        var entry = Find(index, tag);
        if (entry < 0) entry = Find(index, tag & 0xFFFF00FF);
        foreach (var groups in Groups)
        {
            if (entry < 0 && groups.Covers(index, tag >> 16)) entry = Find(index, ((uint)groups.First << 16) | (tag & 0xFF));
        }

        if (entry < 0) return false;
        (vr, alternative) = (DictionaryVr.Main(Vrs[entry]), DictionaryVr.Alternative(Vrs[entry]));
        return true;
    }

    private static int Find(int creator, uint tag) => Keys.BinarySearch(((ulong)creator << 32) | tag);
}
