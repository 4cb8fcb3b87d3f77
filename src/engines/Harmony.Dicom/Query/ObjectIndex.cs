using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>
/// Objects that can be queried at every level: PS3.4 §C. Kept in memory, each by the header it was added with; meant for folders and tests
/// rather than for archives, as every query looks at all of them. Safe for concurrent use.
/// </summary>
/// <typeparam name="T">What is known of each object besides its header, such as the path of its file.</typeparam>
public sealed class ObjectIndex<T>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IndexedObject<T>> _objects = new(StringComparer.Ordinal);

    /// <summary>How many objects there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _objects.Count;
        }
    }

    /// <summary>Adds an object, in place of one of the same SOP Instance UID.</summary>
    /// <param name="header">Its data set, as far as it is to be found by; no pixel data needed.</param>
    /// <param name="item">What is known besides.</param>
    /// <returns>False if the header has no SOP Instance UID.</returns>
    public bool Add(DicomDataSet header, T item)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.GetString(DicomTag.SOPInstanceUID) is not { } uid) return false;
        lock (_lock) _objects[uid] = new IndexedObject<T>(header, item);
        return true;
    }

    /// <summary>Answers a query: of each patient, study, series or object that matches, the keys that the identifier asks for, and the level.</summary>
    public IEnumerable<DicomDataSet> Find(QueryLevel level, DicomDataSet identifier)
    {
        var matcher = new QueryMatcher(identifier);
        foreach (var group in Groups(level))
        {
            var entity = EntityAttributes.Of(level, group);
            if (!matcher.Matches(entity)) continue;
            yield return matcher.ProjectInto(QueryMatcher.BuilderFor(entity).Set(DicomTag.QueryRetrieveLevel, level.Name()), entity).Build();
        }
    }

    /// <summary>The objects of all patients, studies, series, or those objects themselves, that match an identifier.</summary>
    public IReadOnlyList<IndexedObject<T>> Select(QueryLevel level, DicomDataSet identifier)
    {
        var matcher = new QueryMatcher(identifier);
        return [.. Groups(level).Where(g => matcher.Matches(EntityAttributes.Of(level, g))).SelectMany(g => g.Objects)];
    }

    private List<EntityObjects<T>> Groups(QueryLevel level)
    {
        IndexedObject<T>[] all;
        lock (_lock) all = [.. _objects.Values];
        var studies = all.ToLookup(o => o.Header.GetString(DicomTag.StudyInstanceUID) ?? "");
        var patients = all.ToLookup(o => o.Header.GetString(DicomTag.PatientID) ?? "");
        return
        [
            .. all.GroupBy(o => o.Header.GetString(level.UniqueKey()) ?? "", StringComparer.Ordinal).Select(g =>
            {
                var first = g.First().Header;
                return new EntityObjects<T>(
                    [.. g], [.. studies[first.GetString(DicomTag.StudyInstanceUID) ?? ""]], [.. patients[first.GetString(DicomTag.PatientID) ?? ""]]);
            }),
        ];
    }
}
