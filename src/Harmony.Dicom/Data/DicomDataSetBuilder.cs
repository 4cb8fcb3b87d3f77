using System.Text;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Data;

/// <summary>
/// Makes data sets. What is made here is strict: values that their VR does not allow are refused. Elements that were read are taken over as
/// they are, but for their text, which is encoded anew if it has another character set.
/// </summary>
public sealed class DicomDataSetBuilder
{
    private readonly SortedDictionary<DicomTag, DicomElement> _elements = [];
    private readonly bool _isItem;

    /// <summary>Starts with no elements.</summary>
    /// <param name="characterSet">For text; without one, UTF-8.</param>
    public DicomDataSetBuilder(SpecificCharacterSet? characterSet = null) => CharacterSet = characterSet ?? SpecificCharacterSet.Utf8;

    internal DicomDataSetBuilder(DicomDataSet dataSet)
    {
        CharacterSet = dataSet.CharacterSet;
        foreach (var element in dataSet) _elements[element.Tag] = element;
    }

    private DicomDataSetBuilder(SpecificCharacterSet characterSet, bool isItem) => (CharacterSet, _isItem) = (characterSet, isItem);

    /// <summary>How text is encoded.</summary>
    public SpecificCharacterSet CharacterSet { get; }

    /// <summary>
    /// Sets an element from text, of the VR the standard gives the tag; no values make an empty element. Numbers are parsed for binary VRs,
    /// where the standard leaves a choice, US and OW are meant.
    /// </summary>
    /// <exception cref="ArgumentException">The VR does not allow a value: wrong characters, too long, not a number. The message does not show it.</exception>
    public DicomDataSetBuilder Set(DicomTag tag, params ReadOnlySpan<string> values) => SetAs(tag, VrOf(tag), values);

    /// <summary>The same with a VR of the caller's, as private elements need it.</summary>
    /// <exception cref="ArgumentException">The VR does not allow a value, or the character set has no code for it.</exception>
    public DicomDataSetBuilder SetAs(DicomTag tag, Vr vr, params ReadOnlySpan<string> values) => Put(new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, values, CharacterSet), CharacterSet));

    /// <summary>Sets an element from numbers, for DS and IS as text.</summary>
    /// <exception cref="ArgumentException">A number does not fit the VR.</exception>
    public DicomDataSetBuilder Set(DicomTag tag, double value, params ReadOnlySpan<double> more)
    {
        var vr = VrOf(tag);
        var texts = new string[1 + more.Length];
        texts[0] = ValueEncoder.NumberText(vr, value);
        for (var i = 0; i < more.Length; i++) texts[i + 1] = ValueEncoder.NumberText(vr, more[i]);
        return SetAs(tag, vr, texts);
    }

    /// <summary>Sets a name.</summary>
    /// <exception cref="ArgumentException">A component group has more than 64 characters.</exception>
    public DicomDataSetBuilder Set(DicomTag tag, PersonName name) => SetAs(tag, Vr.PN, name?.ToString() ?? "");

    /// <summary>Sets a sequence.</summary>
    public DicomDataSetBuilder Set(DicomTag tag, IReadOnlyList<DicomDataSet> items) => Set(new DicomSequence(tag, items));

    /// <summary>Takes an element over, in place of one of the same tag.</summary>
    public DicomDataSetBuilder Set(DicomElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return Put(element switch
        {
            DicomValue value => InCharacterSet(value),
            DicomSequence sequence => new DicomSequence(sequence.Tag, [.. sequence.Items.Select(InCharacterSet)]),
            _ => element,
        });
    }

    /// <summary>A builder for an item of a sequence of this data set: it says nothing about the character set, as it is this one's.</summary>
    public DicomDataSetBuilder CreateItem() => new(CharacterSet, isItem: true);

    /// <summary>Takes elements of this tag away.</summary>
    public DicomDataSetBuilder Remove(DicomTag tag)
    {
        _elements.Remove(tag);
        return this;
    }

    /// <summary>The data set. (0008,0005) is there if it is needed: when there is text that is not ASCII.</summary>
    public DicomDataSet Build()
    {
        if (!_isItem && CharacterSet.DefinedTerms.Count > 0 && !_elements.ContainsKey(DicomTag.SpecificCharacterSet) && _elements.Values.Any(NeedsCharacterSet))
        {
            SetAs(DicomTag.SpecificCharacterSet, Vr.CS, [.. CharacterSet.DefinedTerms]);
        }

        return new DicomDataSet([.. _elements.Values], CharacterSet);
    }

    private static Vr VrOf(DicomTag tag)
    {
        var vr = DicomDictionary.VrOf(tag);
        return vr == Vr.UN ? throw new ArgumentException($"the standard does not know {tag}: its VR has to be given", nameof(tag)) : vr;
    }

    private DicomDataSetBuilder Put(DicomElement element)
    {
        _elements[element.Tag] = element;
        return this;
    }

    private DicomValue InCharacterSet(DicomValue value)
    {
        if (value.Tag == DicomTag.SpecificCharacterSet) return (DicomValue)new DicomDataSetBuilder().SetAs(value.Tag, Vr.CS, [.. CharacterSet.DefinedTerms])._elements[value.Tag];
        if (!value.Vr.UsesCharacterSet() || ReferenceEquals(value.CharacterSet, CharacterSet) || Ascii.IsValid(value.Bytes.Span) && !value.Bytes.Span.Contains((byte)0x1B)) return value;
        return CharacterSet.TryEncode(value.GetText(), out var bytes)
            ? new DicomValue(value.Tag, value.Vr, bytes, CharacterSet)
            : throw new ArgumentException($"{value} has characters that {CharacterSet} has no code for", nameof(value));
    }

    private DicomDataSet InCharacterSet(DicomDataSet item)
    {
        if (ReferenceEquals(item.CharacterSet, CharacterSet) && !item.Contains(DicomTag.SpecificCharacterSet)) return item;
        var copy = CreateItem();
        foreach (var element in item)
        {
            if (element.Tag != DicomTag.SpecificCharacterSet) copy.Set(element);
        }

        return copy.Build();
    }

    private static bool NeedsCharacterSet(DicomElement element) => element switch
    {
        DicomValue value => value.Vr.UsesCharacterSet() && (!Ascii.IsValid(value.Bytes.Span) || value.Bytes.Span.Contains((byte)0x1B)),
        DicomSequence sequence => sequence.Items.Any(i => i.Any(NeedsCharacterSet)),
        _ => false,
    };
}
