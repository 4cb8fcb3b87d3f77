using System.Net.Http.Headers;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>DICOM objects as bodies.</summary>
internal static class ObjectContent
{
    public static async Task<byte[]> FileAsync(string instance, TransferSyntax? syntax = null, string patient = "PAT1", int pixels = 512)
    {
        var dataSet = new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, instance)
            .Set(DicomTag.PatientID, patient)
            .Set(DicomTag.PatientName, "Doe^Jane").Set(DicomTag.StudyInstanceUID, "1.5").Set(DicomTag.SeriesInstanceUID, "1.5.1").Set(DicomTag.Modality, "CT")
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, 16).Set(DicomTag.Columns, 16)
            .Set(DicomTag.BitsAllocated, 16).Set(DicomTag.BitsStored, 12).Set(DicomTag.HighBit, 11).Set(DicomTag.PixelRepresentation, 0)
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[pixels])).Build();
        using var stream = new MemoryStream();
        await DicomFile.Create(dataSet, syntax ?? TransferSyntax.ExplicitVRLittleEndian).WriteAsync(stream);
        return stream.ToArray();
    }

    public static HttpContent Single(byte[] file) => new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } };

    public static HttpContent Related(params byte[][] files)
    {
        var content = new MultipartContent("related", "parts-of-a-study");
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var file in files) content.Add(Single(file));
        return content;
    }
}
