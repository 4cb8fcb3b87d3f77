using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Puts elements in the order of their tags, each tag once.</summary>
internal static class ElementOrder
{
    public static DicomElement[] Sort(List<DicomElement> elements, WarningList warnings, long position)
    {
        for (var i = 1; i < elements.Count; i++)
        {
            if (elements[i - 1].Tag >= elements[i].Tag) return SortAndWarn(elements, warnings, position);
        }

        return [.. elements];
    }

    /// <summary>The first of several is kept: it is the one that others find too.</summary>
    private static DicomElement[] SortAndWarn(List<DicomElement> elements, WarningList warnings, long position)
    {
        var byTag = new SortedDictionary<DicomTag, DicomElement>();
        var last = default(DicomTag);
        foreach (var element in elements)
        {
            if (!byTag.TryAdd(element.Tag, element)) warnings.Add(DicomWarningKind.Duplicate, element.Tag, position);
            else if (element.Tag < last) warnings.Add(DicomWarningKind.OutOfOrder, element.Tag, position);
            last = element.Tag;
        }

        return [.. byTag.Values];
    }
}
