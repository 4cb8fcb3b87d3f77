using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Query;

/// <summary>One key of a query.</summary>
internal sealed class KeyMatcher
{
    private readonly DicomElement _key;
    private readonly ValueMatcher[] _values;
    private readonly QueryMatcher? _item;

    public KeyMatcher(DicomElement key)
    {
        _key = key = WithVr(key);
        // PS3.4 §C.2.2.2.6: the item of a sequence is a query of its own; more than one is not allowed, and the first is meant.
        _item = key is DicomSequence { Items: [var item, ..] } ? new QueryMatcher(item) : null;
        // Several values are allowed of UIDs only; of others any of them is taken as well.
        _values = key is DicomValue value ? [.. ValuesOf(value).Select(v => ValueMatcher.For(value.Vr, v))] : [];
    }

    public bool Matches(DicomDataSet dataSet)
    {
        if (_item is not null) return dataSet.GetItems(_key.Tag) is { Count: > 0 } items ? items.Any(_item.Matches) : _item.Matches(DicomDataSet.Empty);
        if (_values.Length == 0) return true;
        if (!dataSet.TryGet<DicomValue>(_key.Tag, out var value)) return false;
        foreach (var text in value.GetStrings())
        {
            foreach (var matcher in _values)
            {
                if (matcher.Matches(text)) return true;
            }
        }

        return false;
    }

    public DicomElement Project(DicomDataSet dataSet)
    {
        if (!dataSet.TryGet(_key.Tag, out var element) || element is not (DicomValue or DicomSequence)) return Empty();
        return element is DicomSequence sequence && _item is not null
            ? new DicomSequence(sequence.Tag, [.. sequence.Items.Select(_item.Project)])
            : element;
    }

    /// <summary>The values that restrict what matches; none if one of them is universal, as then all does.</summary>
    private static string[] ValuesOf(DicomValue key)
    {
        string[] values = [.. key.GetStrings().Where(v => v.Length > 0)];
        return values.Any(v => ValueMatcher.IsUniversal(key.Vr, v)) ? [] : values;
    }

    /// <summary>A key that lost its VR on its way (UN) has the one that the standard gives it: without, its value would not count.</summary>
    private static DicomElement WithVr(DicomElement key)
        => key is DicomValue { Vr: Vr.UN } value && DicomDictionary.VrOf(key.Tag) is var vr && vr is not (Vr.UN or Vr.SQ) ? new DicomValue(value.Tag, vr, value.Bytes, value.CharacterSet) : key;

    private DicomElement Empty() => _key.Vr == Vr.SQ ? new DicomSequence(_key.Tag, []) : new DicomValue(_key.Tag, _key.Vr, ReadOnlyMemory<byte>.Empty);
}
