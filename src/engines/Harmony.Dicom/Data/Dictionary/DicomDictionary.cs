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
