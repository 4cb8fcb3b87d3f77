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
