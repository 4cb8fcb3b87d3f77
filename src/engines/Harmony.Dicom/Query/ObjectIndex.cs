using System.Globalization;
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

/// <summary>An object of an <see cref="ObjectIndex{T}"/>.</summary>
/// <param name="Header">The data set it was added with.</param>
/// <param name="Item">What is known besides.</param>
public sealed record IndexedObject<T>(DicomDataSet Header, T Item);

/// <summary>The objects of a patient, study, series, or one object; and those of the study and the patient they belong to.</summary>
internal sealed record EntityObjects<T>(
    IReadOnlyList<IndexedObject<T>> Objects, IReadOnlyList<IndexedObject<T>> OfStudy, IReadOnlyList<IndexedObject<T>> OfPatient);

/// <summary>
/// What can be asked about a patient, study, series or object: the header of one of its objects, and what is counted over all (PS3.4 §C.6.1.1, C.6.2.1).
/// </summary>
internal static class EntityAttributes
{
    public static DicomDataSet Of<T>(QueryLevel level, EntityObjects<T> entity)
    {
        var header = entity.Objects[0].Header;
        var builder = header.ToBuilder().Set(DicomTag.InstanceAvailability, "ONLINE");
        if (level == QueryLevel.Series) Count(builder, DicomTag.NumberOfSeriesRelatedInstances, entity.Objects.Count);
        if (level != QueryLevel.Patient)
        {
            Count(builder, DicomTag.NumberOfStudyRelatedSeries, Distinct(entity.OfStudy, DicomTag.SeriesInstanceUID).Length);
            Count(builder, DicomTag.NumberOfStudyRelatedInstances, entity.OfStudy.Count);
            // Headers hold whatever devices have written there.
            builder.SetUnchecked(DicomTag.ModalitiesInStudy, Distinct(entity.OfStudy, DicomTag.Modality))
                .SetUnchecked(DicomTag.SOPClassesInStudy, Distinct(entity.OfStudy, DicomTag.SOPClassUID));
        }

        Count(builder, DicomTag.NumberOfPatientRelatedStudies, Distinct(entity.OfPatient, DicomTag.StudyInstanceUID).Length);
        Count(builder, DicomTag.NumberOfPatientRelatedSeries, Distinct(entity.OfPatient, DicomTag.SeriesInstanceUID).Length);
        Count(builder, DicomTag.NumberOfPatientRelatedInstances, entity.OfPatient.Count);
        return builder.Build();
    }

    private static void Count(DicomDataSetBuilder builder, DicomTag tag, int count) => builder.Set(tag, count.ToString(CultureInfo.InvariantCulture));

    private static string[] Distinct<T>(IReadOnlyList<IndexedObject<T>> objects, DicomTag tag)
        => [.. objects.Select(o => o.Header.GetString(tag)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
