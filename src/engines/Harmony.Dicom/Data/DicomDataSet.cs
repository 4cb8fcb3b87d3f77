using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Dicom.Data;

/// <summary>
/// A data set (PS3.5 §7): elements in the order of their tags, each tag once. It does not change and may be shared between threads;
/// <see cref="ToBuilder"/> starts a changed copy, which shares the elements.
/// </summary>
public sealed class DicomDataSet : IReadOnlyList<DicomElement>
{
    private readonly DicomElement[] _elements;

    internal DicomDataSet(DicomElement[] sorted, SpecificCharacterSet characterSet) => (_elements, CharacterSet) = (sorted, characterSet);

    /// <summary>No elements.</summary>
    public static DicomDataSet Empty { get; } = new([], SpecificCharacterSet.Default);

    /// <summary>How the text in it is encoded: by its own (0008,0005), else by that of the data set it is an item of.</summary>
    public SpecificCharacterSet CharacterSet { get; }

    /// <summary>How many elements there are, those of items not counted.</summary>
    public int Count => _elements.Length;

    /// <summary>The elements by their place.</summary>
    public DicomElement this[int index] => _elements[index];

    /// <summary>A builder with these elements.</summary>
    public DicomDataSetBuilder ToBuilder() => new(this);

    /// <summary>Whether there is an element of this tag, with or without a value.</summary>
    public bool Contains(DicomTag tag) => IndexOf(tag) >= 0;

    /// <summary>The element of this tag.</summary>
    public bool TryGet(DicomTag tag, [NotNullWhen(true)] out DicomElement? element)
    {
        var index = IndexOf(tag);
        element = index >= 0 ? _elements[index] : null;
        return element is not null;
    }

    /// <summary>The element of this tag, if it is of this kind.</summary>
    public bool TryGet<TElement>(DicomTag tag, [NotNullWhen(true)] out TElement? element)
        where TElement : DicomElement
    {
        TryGet(tag, out var any);
        element = any as TElement;
        return element is not null;
    }

    /// <summary>The first value as text; null if there is no element, no value, or the first of several is empty.</summary>
    public string? GetString(DicomTag tag) => TryGet<DicomValue>(tag, out var value) && value.GetStrings() is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>The values as text; none if there is no element.</summary>
    public IReadOnlyList<string> GetStrings(DicomTag tag) => TryGet<DicomValue>(tag, out var value) ? value.GetStrings() : [];

    /// <summary>The first value as an integer; null if there is none, or it is not one.</summary>
    public int? GetInt32(DicomTag tag)
        => TryGet<DicomValue>(tag, out var value) && value.TryGetInt64(0, out var number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>The first value as a number; null if there is none, or it is not one.</summary>
    public double? GetDouble(DicomTag tag) => TryGet<DicomValue>(tag, out var value) && value.TryGetDouble(0, out var number) ? number : null;

    /// <summary>The first value as a name; null if there is none.</summary>
    public PersonName? GetPersonName(DicomTag tag) => GetString(tag) is { } text ? PersonName.Parse(text) : null;

    /// <summary>The items of a sequence; none if there is no such element.</summary>
    public IReadOnlyList<DicomDataSet> GetItems(DicomTag tag) => TryGet<DicomSequence>(tag, out var sequence) ? sequence.Items : [];

    /// <summary>The creator that has reserved the block of a private element (PS3.5 §7.8.1); null if none has.</summary>
    public string? PrivateCreatorOf(DicomTag tag) => tag.IsPrivate && tag.Element >= 0x1000 ? GetString(tag.PrivateCreatorTag) : null;

    /// <summary>The tag that element <paramref name="element"/> (its last byte) of a creator has in this data set; null if the creator has no block.</summary>
    /// <param name="group">An odd group.</param>
    /// <param name="creator">E.g. <c>SIEMENS CSA HEADER</c>.</param>
    /// <param name="element">The number within the block.</param>
    public DicomTag? FindPrivate(ushort group, string creator, byte element)
    {
        foreach (var candidate in _elements)
        {
            if (candidate.Tag.Group != group || !candidate.Tag.IsPrivateCreator) continue;
            if (candidate is DicomValue value && value.GetText() == creator) return new DicomTag(group, (ushort)((candidate.Tag.Element << 8) | element));
        }

        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<DicomElement> GetEnumerator() => ((IEnumerable<DicomElement>)_elements).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(DicomTag tag)
    {
        var (low, high) = (0, _elements.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var there = _elements[middle].Tag.Value;
            if (there == tag.Value) return middle;
            if (there < tag.Value) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }
}
