namespace Harmony.Dicom.Data.Dictionary;

/// <summary>The data dictionary of the standard (PS3.6, PS3.7), and the VRs of private elements that vendors have published.</summary>
public static class DicomDictionary
{
    /// <summary>What the standard says about a tag. Repeating groups count with each of their tags: (6002,0010) is <c>OverlayRows</c> as well.</summary>
    /// <returns>False for private tags and for those the standard does not know.</returns>
    public static bool TryGet(DicomTag tag, out DictionaryEntry entry) => StandardEntries.TryGet(tag.Value, out entry);

    /// <summary>The tag of a keyword, of a repeating group its first. Upper and lower case differ.</summary>
    public static bool TryGetTag(ReadOnlySpan<char> keyword, out DicomTag tag)
    {
        var found = StandardEntries.TryGetTag(keyword, out var value);
        tag = new DicomTag(value);
        return found;
    }

    /// <summary>The keyword of a tag, or null.</summary>
    public static string? Keyword(DicomTag tag) => TryGet(tag, out var entry) ? entry.Keyword : null;

    /// <summary>The VR of an element that does not say its own: by the standard, by its creator if it is private, else UN.</summary>
    /// <param name="tag">The element.</param>
    /// <param name="privateCreator">The value of the element that reserves its block; null if there is none.</param>
    /// <param name="alternative">Where the standard leaves a choice, the other VR.</param>
    public static Vr VrOf(DicomTag tag, string? privateCreator, out Vr? alternative)
    {
        alternative = null;
        if (tag.IsGroupLength) return Vr.UL;
        if (tag.IsPrivateCreator) return Vr.LO;
        var found = tag.IsPrivate
            ? PrivateEntries.TryGetVr(privateCreator ?? "", tag.Value, out var vr, out alternative)
            : StandardEntries.TryGetVr(tag.Value, out vr, out alternative);
        return found ? vr : Vr.UN;
    }

    /// <summary>The same, of a choice always the first.</summary>
    public static Vr VrOf(DicomTag tag) => VrOf(tag, null, out _);
}

/// <summary>What the data dictionary (PS3.6 §6) says about a tag.</summary>
/// <param name="Keyword">E.g. <c>PatientName</c>.</param>
/// <param name="Vr">The VR; where the standard leaves a choice, the one that implicit VR data have.</param>
/// <param name="AlternativeVr">The other choice: SS where <paramref name="Vr"/> is US, OB where it is OW.</param>
/// <param name="Vm">How many values there may be, e.g. <c>1</c>, <c>2-n</c>.</param>
/// <param name="IsRetired">Whether newer editions no longer use the element.</param>
public readonly record struct DictionaryEntry(string Keyword, Vr Vr, Vr? AlternativeVr, string Vm, bool IsRetired);

/// <summary>Odd groups that all have the private elements of the first of them, as repeating groups have.</summary>
/// <param name="Creator">The number of their creator.</param>
/// <param name="First">The group the elements are listed under.</param>
/// <param name="Last">The last group.</param>
internal sealed record PrivateGroups(int Creator, ushort First, ushort Last)
{
    public bool Covers(int creator, uint group) => creator == Creator && group >= First && group <= Last;
}
