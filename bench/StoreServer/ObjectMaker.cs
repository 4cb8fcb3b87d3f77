using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace StoreServer;

/// <summary>Makes objects of nobody.</summary>
internal static class ObjectMaker
{
    private const int Columns = 512;
    private const int BytesPerPixel = 2;

    public static async Task MakeAsync(string folder, int count, long bytes)
    {
        Directory.CreateDirectory(folder);
        var rowsAndFrames = Math.Max(1, bytes / (Columns * BytesPerPixel));
        var frames = (rowsAndFrames + 511) / 512;
        for (var i = 0; i < count; i++)
        {
            var dataSet = new DicomDataSetBuilder()
                .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, $"2.25.1.{bytes}.{i}")
                .Set(DicomTag.StudyInstanceUID, $"2.25.1.{bytes}").Set(DicomTag.SeriesInstanceUID, $"2.25.1.{bytes}.0")
                .Set(DicomTag.PatientID, "BENCH").Set(DicomTag.PatientName, "Bench").Set(DicomTag.Modality, "CT").Set(DicomTag.InstanceNumber, i)
                .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.NumberOfFrames, frames)
                .Set(DicomTag.Rows, rowsAndFrames / frames).Set(DicomTag.Columns, Columns)
                .Set(DicomTag.BitsAllocated, 16).Set(DicomTag.BitsStored, 16).Set(DicomTag.HighBit, 15).Set(DicomTag.PixelRepresentation, 0)
                .Set(new DicomBulkValue(DicomTag.PixelData, Vr.OW, new Zeros(rowsAndFrames * Columns * BytesPerPixel)))
                .Build();
            await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(Path.Combine(folder, $"{i:D4}.dcm"));
        }
    }
}
