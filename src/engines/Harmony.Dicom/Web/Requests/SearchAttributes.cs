using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Web.Requests;

/// <summary>Which attributes belong to which level, and which are returned without being asked for: PS3.18 tables 10.6.3-3 to 10.6.3-5.</summary>
public static class SearchAttributes
{
    private static readonly DicomTag[] Study =
    [
        DicomTag.StudyDate, DicomTag.StudyTime, DicomTag.AccessionNumber, DicomTag.ModalitiesInStudy, DicomTag.ReferringPhysicianName,
        DicomTag.TimezoneOffsetFromUTC, DicomTag.StudyDescription, DicomTag.PatientName, DicomTag.PatientID, DicomTag.PatientBirthDate, DicomTag.PatientSex,
        DicomTag.StudyInstanceUID, DicomTag.StudyID, DicomTag.NumberOfStudyRelatedSeries, DicomTag.NumberOfStudyRelatedInstances,
        DicomTag.InstanceAvailability,
    ];

    private static readonly DicomTag[] Series =
    [
        DicomTag.Modality, DicomTag.TimezoneOffsetFromUTC, DicomTag.SeriesDescription, DicomTag.SeriesInstanceUID, DicomTag.SeriesNumber,
        DicomTag.NumberOfSeriesRelatedInstances, DicomTag.PerformedProcedureStepStartDate, DicomTag.PerformedProcedureStepStartTime,
        DicomTag.RequestAttributesSequence,
    ];

    private static readonly DicomTag[] Instance =
    [
        DicomTag.SOPClassUID, DicomTag.SOPInstanceUID, DicomTag.InstanceAvailability, DicomTag.TimezoneOffsetFromUTC, DicomTag.InstanceNumber, DicomTag.Rows,
        DicomTag.Columns, DicomTag.BitsAllocated, DicomTag.NumberOfFrames,
    ];

    /// <summary>Attributes of patients and studies that systems know beyond the defaults.</summary>
    private static readonly DicomTag[] MoreOfStudy =
    [
        DicomTag.SOPClassesInStudy, DicomTag.IssuerOfPatientID, DicomTag.PatientAge, DicomTag.PatientSize, DicomTag.PatientWeight, DicomTag.PatientComments,
        DicomTag.OtherPatientIDsSequence, DicomTag.PatientBirthTime, DicomTag.EthnicGroup, DicomTag.Occupation, DicomTag.AdditionalPatientHistory,
        DicomTag.NameOfPhysiciansReadingStudy, DicomTag.InstitutionName, DicomTag.AdmittingDiagnosesDescription, DicomTag.NumberOfPatientRelatedStudies,
        DicomTag.NumberOfPatientRelatedSeries, DicomTag.NumberOfPatientRelatedInstances, DicomTag.ProcedureCodeSequence, DicomTag.RequestingPhysician,
        DicomTag.RequestedProcedureDescription, DicomTag.IssuerOfAccessionNumberSequence,
    ];

    private static readonly DicomTag[] MoreOfSeries =
    [
        DicomTag.SeriesDate, DicomTag.SeriesTime, DicomTag.Laterality, DicomTag.BodyPartExamined, DicomTag.PatientPosition, DicomTag.ProtocolName,
        DicomTag.PerformingPhysicianName, DicomTag.OperatorsName, DicomTag.Manufacturer, DicomTag.ManufacturerModelName, DicomTag.StationName,
        DicomTag.InstitutionalDepartmentName, DicomTag.FrameOfReferenceUID, DicomTag.PerformedProcedureStepDescription, DicomTag.ImagesInAcquisition,
    ];

    /// <summary>What a search at a level returns without being asked for.</summary>
    public static IReadOnlyList<DicomTag> DefaultsOf(QueryLevel level) => level switch
    {
        QueryLevel.Series => Series,
        QueryLevel.Image => Instance,
        _ => Study,
    };

    /// <summary>What <c>includefield=all</c> stands for at a level.</summary>
    public static IReadOnlyList<DicomTag> AllOf(QueryLevel level) => level switch
    {
        QueryLevel.Series => [.. Series, .. MoreOfSeries],
        QueryLevel.Image =>
        [
            .. Instance, DicomTag.ContentDate, DicomTag.ContentTime, DicomTag.AcquisitionDate, DicomTag.AcquisitionTime, DicomTag.AcquisitionNumber,
            DicomTag.ImageType, DicomTag.ImagePositionPatient, DicomTag.ImageOrientationPatient, DicomTag.ImageComments,
        ],
        _ => [.. Study, .. MoreOfStudy],
    };

    /// <summary>The level that an attribute belongs to; null where it is not known to belong to one, or belongs to all.</summary>
    public static QueryLevel? LevelOf(DicomTag tag)
    {
        if (tag == DicomTag.TimezoneOffsetFromUTC || tag == DicomTag.InstanceAvailability) return null;
        if (Array.IndexOf(Study, tag) >= 0 || Array.IndexOf(MoreOfStudy, tag) >= 0 || tag.Group == 0x0010) return QueryLevel.Study;
        if (Array.IndexOf(Series, tag) >= 0 || Array.IndexOf(MoreOfSeries, tag) >= 0) return QueryLevel.Series;
        return Array.IndexOf(Instance, tag) >= 0 ? QueryLevel.Image : null;
    }
}
