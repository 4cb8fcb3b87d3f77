using System.Text;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Data;

/// <summary>
/// Makes data sets. What is made here is strict: values that their VR does not allow are refused. Elements that were read are taken over as
/// they are, but for their text, which is encoded anew if it has another character set: all of the data set in UTF-8, if that of the builder has no
/// codes for it.
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
    public SpecificCharacterSet CharacterSet { get; private set; }

    /// <summary>
    /// Sets an element from text, of the VR the standard gives the tag; no values make an empty element. Numbers are parsed for binary VRs,
    /// where the standard leaves a choice, US and OW are meant.
    /// </summary>
    /// <exception cref="ArgumentException">The VR does not allow a value: wrong characters, too long, not a number. The message does not show it.</exception>
    public DicomDataSetBuilder Set(DicomTag tag, params ReadOnlySpan<string> values) => SetAs(tag, VrOf(tag), values);

    /// <summary>The same with a VR of the caller's, as private elements need it.</summary>
    /// <exception cref="ArgumentException">The VR does not allow a value, or the character set has no code for it.</exception>
    public DicomDataSetBuilder SetAs(DicomTag tag, Vr vr, params ReadOnlySpan<string> values)
        => Put(new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, values, CharacterSet), CharacterSet));

    /// <summary>The same for text that comes from others, such as the values of elements that were read: it is not checked.</summary>
    internal DicomDataSetBuilder SetUnchecked(DicomTag tag, params ReadOnlySpan<string> values)
    {
        var vr = VrOf(tag);
        return Put(new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, values, CharacterSet, isStrict: false), CharacterSet));
    }

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
        if (!TryConvert(element, CharacterSet, out var converted))
        {
            BecomeUtf8();
            TryConvert(element, CharacterSet, out converted);
        }

        return Put(converted);
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

    /// <summary>Encodes everything anew, in the character set that has codes for all there is.</summary>
    private void BecomeUtf8()
    {
        CharacterSet = SpecificCharacterSet.Utf8;
        foreach (var element in _elements.Values.ToList())
        {
            TryConvert(element, CharacterSet, out var converted);
            Put(converted);
        }
    }

    /// <summary>An element in a character set.</summary>
    /// <returns>False if that has no codes for its text, which never is so of UTF-8; <paramref name="converted"/> is the element as it was then.</returns>
    private static bool TryConvert(DicomElement element, SpecificCharacterSet to, out DicomElement converted)
    {
        converted = element;
        switch (element)
        {
            case DicomValue value when value.Tag == DicomTag.SpecificCharacterSet:
                converted = new DicomValue(value.Tag, Vr.CS, ValueEncoder.Encode(value.Tag, Vr.CS, [.. to.DefinedTerms], to, isStrict: false));
                return true;
            case DicomValue value when IsEncodedIn(value, to):
                return true;
            case DicomValue value:
                if (!to.TryEncode(value.GetText(), out var bytes)) return false;
                converted = new DicomValue(value.Tag, value.Vr, bytes, to);
                return true;
            case DicomSequence sequence:
                var items = new DicomDataSet[sequence.Items.Count];
                for (var i = 0; i < items.Length; i++)
                {
                    if (!TryConvert(sequence.Items[i], to, out items[i])) return false;
                }

                converted = new DicomSequence(sequence.Tag, items);
                return true;
            default:
                return true;
        }
    }

    /// <summary>An item without a character set of its own.</summary>
    private static bool TryConvert(DicomDataSet item, SpecificCharacterSet to, out DicomDataSet converted)
    {
        converted = item;
        if (ReferenceEquals(item.CharacterSet, to) && !item.Contains(DicomTag.SpecificCharacterSet)) return true;
        var copy = new DicomDataSetBuilder(to, isItem: true);
        foreach (var element in item)
        {
            if (element.Tag == DicomTag.SpecificCharacterSet) continue;
            if (!TryConvert(element, to, out var inner)) return false;
            copy.Put(inner);
        }

        converted = copy.Build();
        return true;
    }

    private static bool IsEncodedIn(DicomValue value, SpecificCharacterSet characterSet)
        => !value.Vr.UsesCharacterSet() || ReferenceEquals(value.CharacterSet, characterSet)
            || (Ascii.IsValid(value.Bytes.Span) && !value.Bytes.Span.Contains((byte)0x1B));

    private static bool NeedsCharacterSet(DicomElement element) => element switch
    {
        DicomValue value => value.Vr.UsesCharacterSet() && (!Ascii.IsValid(value.Bytes.Span) || value.Bytes.Span.Contains((byte)0x1B)),
        DicomSequence sequence => sequence.Items.Any(i => i.Any(NeedsCharacterSet)),
        _ => false,
    };
}
