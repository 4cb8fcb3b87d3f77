using System.Text;

namespace Harmony.Dicom.Data.Dictionary;

/// <summary>
/// The tables of PS3.6. They are constants in the assembly, searched where they lie, so that loading them costs nothing; the text of a
/// keyword is made when it is first asked for.
/// </summary>
internal static partial class StandardEntries
{
    private static readonly string?[] Texts = new string?[Tags.Length]; // Tags is a constant, so the order of initialisation does not matter

    public static bool TryGet(uint tag, out DictionaryEntry entry)
    {
        var index = Tags.BinarySearch(tag);
        if (index >= 0)
        {
            var vm = Vms[index];
            entry = new DictionaryEntry(Keyword(index), DictionaryVr.Main(Vrs[index]), DictionaryVr.Alternative(Vrs[index]), VmTexts[vm & 0x7F], vm >= 0x80);
            return true;
        }

        foreach (var range in Repeating)
        {
            if (!range.Covers(tag)) continue;
            entry = new DictionaryEntry(range.Keyword, DictionaryVr.Main(range.Vr), DictionaryVr.Alternative(range.Vr), range.Vm, range.IsRetired);
            return true;
        }

        entry = default;
        return false;
    }

    /// <summary>Only the VR: what reading implicit VR data needs.</summary>
    public static bool TryGetVr(uint tag, out Vr vr, out Vr? alternative)
    {
        var index = Tags.BinarySearch(tag);
        if (index < 0)
        {
            var found = TryGet(tag, out var entry);
            (vr, alternative) = (entry.Vr, entry.AlternativeVr);
            return found;
        }

        (vr, alternative) = (DictionaryVr.Main(Vrs[index]), DictionaryVr.Alternative(Vrs[index]));
        return true;
    }

    public static bool TryGetTag(ReadOnlySpan<char> keyword, out uint tag)
    {
        tag = 0;
        if (keyword.Length is 0 or > 128 || !Ascii.IsValid(keyword)) return false;
        Span<byte> wanted = stackalloc byte[keyword.Length];
        Encoding.ASCII.GetBytes(keyword, wanted);
        var (low, high) = (0, ByKeyword.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = wanted.SequenceCompareTo(KeywordBytes(ByKeyword[middle]));
            if (order == 0)
            {
                tag = Tags[ByKeyword[middle]];
                return true;
            }

            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }

        return TryGetRepeating(keyword, out tag);
    }

    private static bool TryGetRepeating(ReadOnlySpan<char> keyword, out uint tag)
    {
        foreach (var range in Repeating)
        {
            if (!keyword.SequenceEqual(range.Keyword)) continue;
            tag = range.First;
            return true;
        }

        tag = 0;
        return false;
    }

    private static string Keyword(int index) => Texts[index] ??= Encoding.ASCII.GetString(KeywordBytes(index));

    private static ReadOnlySpan<byte> KeywordBytes(int index) => Keywords[KeywordOffsets[index]..(KeywordOffsets[index + 1] - 1)];
}

/// <summary>An entry for every even group or element of a range, such as the overlays (6000-60FF,0010).</summary>
internal sealed record RepeatingEntry(uint First, uint Last, string Keyword, byte Vr, string Vm, bool IsRetired)
{
    public bool Covers(uint tag)
    {
        var (group, element) = (tag >> 16, tag & 0xFFFF);
        return group >= First >> 16 && group <= Last >> 16 && element >= (First & 0xFFFF) && element <= (Last & 0xFFFF)
            && (group & 1) == 0 && (First >> 16 != Last >> 16 || (element & 1) == 0 || (First & 0xFFFF) == (Last & 0xFFFF));
    }
}

/// <summary>VRs in the order in which the generated tables number them (eng/dicom-dictionary.cs).</summary>
internal static class DictionaryVr
{
    private const int FirstAmbiguous = 34;

    private static readonly Vr[] Order =
    [
        Vr.AE, Vr.AS, Vr.AT, Vr.CS, Vr.DA, Vr.DS, Vr.DT, Vr.FD, Vr.FL, Vr.IS, Vr.LO, Vr.LT, Vr.OB, Vr.OD, Vr.OF, Vr.OL, Vr.OV, Vr.OW, Vr.PN, Vr.SH, Vr.SL,
        Vr.SQ, Vr.SS,
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
