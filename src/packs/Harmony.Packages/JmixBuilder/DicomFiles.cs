using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Jmix.Model;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Reads the attributes of DICOM files that the metadata of a package holds.</summary>
public static class DicomFiles
{
    private static readonly DicomReadOptions Header = new() { StopBefore = DicomTag.PixelData, BulkThreshold = 4096 };

    /// <summary>The attributes of a file, up to its pixel data. An attribute that the file does not have is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="DicomFormatException">The file is no DICOM.</exception>
    public static async ValueTask<DicomAttributes> AttributesAsync(string path, CancellationToken ct)
    {
        var set = (await DicomFile.OpenAsync(path, Header, ct)).DataSet;
        string Text(DicomTag tag) => set.GetString(tag) ?? "";
        return new DicomAttributes(Text(DicomTag.SOPInstanceUID), Text(DicomTag.StudyInstanceUID), Text(DicomTag.SeriesInstanceUID))
        {
            Modality = Text(DicomTag.Modality),
            BodyPart = Text(DicomTag.BodyPartExamined),
            StudyDescription = Text(DicomTag.StudyDescription),
            PatientId = Text(DicomTag.PatientID),
            IssuerOfPatientId = Text(DicomTag.IssuerOfPatientID),
            PatientName = Text(DicomTag.PatientName),
            PatientBirthDate = Text(DicomTag.PatientBirthDate),
            PatientSex = Text(DicomTag.PatientSex),
        };
    }
}
