using System.Globalization;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Services.MockDicom;

/// <summary>One made-up study: three CT series of five images each, every image a grey ramp of 16 by 16 pixels.</summary>
internal static class MockStudy
{
    public const string StudyInstanceUid = "1.2.826.0.1.3680043.9.7133.3280065491876470";

    private const int Series = 3;
    private const int ImagesInSeries = 5;
    private const int Size = 16;

    /// <summary>All of its objects, pixels included.</summary>
    public static ObjectIndex<DicomDataSet> Index()
    {
        var index = new ObjectIndex<DicomDataSet>();
        for (var series = 1; series <= Series; series++)
        {
            for (var image = 1; image <= ImagesInSeries; image++)
            {
                var made = Image(series, image);
                index.Add(made, made);
            }
        }

        return index;
    }

    private static DicomDataSet Image(int series, int image) => new DicomDataSetBuilder()
        .Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
        .Set(DicomTag.SOPInstanceUID, $"{StudyInstanceUid}.{series}.{image}")
        .Set(DicomTag.StudyDate, "20241015")
        .Set(DicomTag.SeriesDate, "20241015")
        .Set(DicomTag.StudyTime, "120000")
        .Set(DicomTag.SeriesTime, "120000")
        .Set(DicomTag.AccessionNumber, "ACC156695")
        .Set(DicomTag.Modality, "CT")
        .Set(DicomTag.Manufacturer, "Harmony")
        .Set(DicomTag.ReferringPhysicianName)
        .Set(DicomTag.StudyDescription, "Mock CT Study")
        .Set(DicomTag.SeriesDescription, $"Series {series}")
        .Set(DicomTag.PatientName, "Doe^John")
        .Set(DicomTag.PatientID, "PID156695")
        .Set(DicomTag.PatientBirthDate)
        .Set(DicomTag.PatientSex)
        .Set(DicomTag.StudyInstanceUID, StudyInstanceUid)
        .Set(DicomTag.SeriesInstanceUID, $"{StudyInstanceUid}.{series}")
        .Set(DicomTag.StudyID, "1")
        .Set(DicomTag.SeriesNumber, series.ToString(CultureInfo.InvariantCulture))
        .Set(DicomTag.InstanceNumber, image.ToString(CultureInfo.InvariantCulture))
        .Set(DicomTag.SamplesPerPixel, 1)
        .Set(DicomTag.PhotometricInterpretation, "MONOCHROME2")
        .Set(DicomTag.Rows, Size)
        .Set(DicomTag.Columns, Size)
        .Set(DicomTag.BitsAllocated, 16)
        .Set(DicomTag.BitsStored, 12)
        .Set(DicomTag.HighBit, 11)
        .Set(DicomTag.PixelRepresentation, 0)
        .Set(DicomTag.RescaleIntercept, "0")
        .Set(DicomTag.RescaleSlope, "1")
        .Set(new DicomValue(DicomTag.PixelData, Vr.OW, Ramp(series, image)))
        .Build();

    private static byte[] Ramp(int series, int image)
    {
        var pixels = new byte[Size * Size * sizeof(ushort)];
        for (var i = 0; i < Size * Size; i++)
        {
            var grey = (ushort)((i * 16 + (series * 256) + (image * 32)) & 0xFFF);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(i * sizeof(ushort)), grey);
        }

        return pixels;
    }
}
