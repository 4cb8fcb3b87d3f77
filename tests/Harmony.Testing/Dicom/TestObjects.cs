using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Testing.Dicom;

/// <summary>Small objects of made-up patients.</summary>
public static class TestObjects
{
    /// <summary>A CT image of study 1.2.3.1, series 1.2.3.2.</summary>
    /// <param name="sopInstanceUid">Which one.</param>
    /// <param name="patientId">Whose.</param>
    /// <param name="pixels">Bytes of pixel data, an even number.</param>
    /// <param name="bits">Bits of a pixel: 8 or 16.</param>
    public static DicomDataSet Ct(string sopInstanceUid, string patientId = "P-1", int pixels = 512, int bits = 16) => new DicomDataSetBuilder()
        .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, sopInstanceUid).Set(DicomTag.StudyInstanceUID, "1.2.3.1")
            .Set(DicomTag.SeriesInstanceUID, "1.2.3.2")
        .Set(DicomTag.PatientID, patientId).Set(DicomTag.PatientName, "Test^Object").Set(DicomTag.Modality, "CT").Set(DicomTag.StudyDate, "20240102")
            .Set(DicomTag.InstanceNumber, 1)
        .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTag.Rows, Math.Min(pixels / (2 * bits), ushort.MaxValue)).Set(DicomTag.Columns, 16)
        .Set(DicomTag.BitsAllocated, bits).Set(DicomTag.BitsStored, bits).Set(DicomTag.HighBit, bits - 1).Set(DicomTag.PixelRepresentation, 0)
        .Set(new DicomValue(DicomTag.PixelData, Vr.OW, Noise(pixels))).Build();

    /// <summary>Writes such an image to a file.</summary>
    /// <returns>The file.</returns>
    public static async Task<string> WriteAsync(
        string folder, string sopInstanceUid, string patientId = "P-1", int pixels = 512, TransferSyntax? syntax = null, int bits = 16)
    {
        var path = Path.Combine(folder, $"{sopInstanceUid}.dcm");
        await DicomFile.Create(Ct(sopInstanceUid, patientId, pixels, bits), syntax ?? TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
        return path;
    }

    /// <summary>The pixel data of a file; of compressed ones the fragments, one after another.</summary>
    public static async Task<byte[]> PixelsOfAsync(string path)
    {
        var file = DicomFile.Read(await File.ReadAllBytesAsync(path));
        if (file.DataSet.TryGet<DicomFragments>(DicomTag.PixelData, out var fragments))
            return [.. fragments.Fragments.SelectMany(f => f.TryGetMemory(out var bytes) ? bytes.ToArray() : [])];
        return file.DataSet.TryGet<DicomValue>(DicomTag.PixelData, out var value) ? value.Bytes.ToArray() : [];
    }

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)((i * 31) ^ (i >> 8));
        return bytes;
    }
}
