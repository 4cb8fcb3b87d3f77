using System.Globalization;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>What can be asked about a patient, study, series or object: the header of one of its objects, and what is counted over all (PS3.4 §C.6.1.1, C.6.2.1).</summary>
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
            builder.SetUnchecked(DicomTag.ModalitiesInStudy, Distinct(entity.OfStudy, DicomTag.Modality)).SetUnchecked(DicomTag.SOPClassesInStudy, Distinct(entity.OfStudy, DicomTag.SOPClassUID));
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
