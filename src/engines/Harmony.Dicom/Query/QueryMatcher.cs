using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>
/// A query, compiled: tells which data sets match its keys, and gives of them what it asks for. The rules are those of PS3.4 §C.2.2.2: single
/// values, lists of UIDs, wild cards, ranges of dates and times, sequences; a key without a value matches everything and is returned.
/// </summary>
/// <remarks>Names are compared without regard to letter case, every way of writing them for itself. Safe for concurrent use.</remarks>
public sealed class QueryMatcher
{
    private readonly KeyMatcher[] _keys;

    /// <param name="identifier">The identifier of a C-FIND request.</param>
    public QueryMatcher(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        _keys = [.. identifier.Where(IsKey).Select(e => new KeyMatcher(e))];
    }

    /// <summary>Whether every key matches.</summary>
    public bool Matches(DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        foreach (var key in _keys)
        {
            if (!key.Matches(dataSet)) return false;
        }

        return true;
    }

    /// <summary>The keys with the values they have in a data set; those it does not have are empty.</summary>
    public DicomDataSet Project(DicomDataSet dataSet) => ProjectInto(BuilderFor(dataSet), dataSet).Build();

    /// <summary>The same, added to what the caller has put there already.</summary>
    public DicomDataSetBuilder ProjectInto(DicomDataSetBuilder builder, DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSet);
        foreach (var key in _keys) builder.Set(key.Project(dataSet));
        return builder;
    }

    /// <summary>An empty builder in the character set of a data set, so that its text is taken over as it is.</summary>
    public static DicomDataSetBuilder BuilderFor(DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return new DicomDataSetBuilder(dataSet.CharacterSet);
    }

    /// <summary>What says how to read the identifier and to answer it is no key, nor is who answers: PS3.4 §C.4.1.1.3.</summary>
    private static bool IsKey(DicomElement element)
        => !element.Tag.IsGroupLength && element.Tag != DicomTag.SpecificCharacterSet && element.Tag != DicomTag.TimezoneOffsetFromUTC
            && element.Tag != DicomTag.QueryRetrieveLevel && element.Tag != DicomTag.QueryRetrieveView && element.Tag != DicomTag.RetrieveAETitle;
}

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
        => key is DicomValue { Vr: Vr.UN } value && DicomDictionary.VrOf(key.Tag) is var vr && vr is not (Vr.UN or Vr.SQ)
            ? new DicomValue(value.Tag, vr, value.Bytes, value.CharacterSet)
            : key;

    private DicomElement Empty() => _key.Vr == Vr.SQ ? new DicomSequence(_key.Tag, []) : new DicomValue(_key.Tag, _key.Vr, ReadOnlyMemory<byte>.Empty);
}
