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
