using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Tests.Network;

/// <summary>A picture in every transfer syntax that programs here can make.</summary>
internal static class DcmtkFiles
{
    /// <summary>UID of the syntax, what makes it of an explicit VR little endian file, and the option by which DCMTK's clients propose it.</summary>
    public static TheoryData<string, string, string> Kinds { get; } = new()
    {
        { TransferSyntax.ExplicitVRLittleEndian.Uid, "dcmconv +te", "-xe" },
        { TransferSyntax.ImplicitVRLittleEndian.Uid, "dcmconv +ti", "-xi" },
        { TransferSyntax.ExplicitVRBigEndian.Uid, "dcmconv +tb", "-xb" },
        { TransferSyntax.DeflatedExplicitVRLittleEndian.Uid, "dcmconv +td", "-xd" },
        { TransferSyntax.RLELossless.Uid, "dcmcrle", "-xr" },
        { TransferSyntax.JPEGLosslessSV1.Uid, "dcmcjpeg +e1", "-xs" },
        { TransferSyntax.JPEGBaseline8Bit.Uid, "dcmcjpeg +eb", "-xy" },
        { TransferSyntax.JPEGLSLossless.Uid, "dcmcjpls +el", "-xt" },
        { TransferSyntax.JPEGLSNearLossless.Uid, "dcmcjpls +en", "-xu" },
        { TransferSyntax.JPEG2000Lossless.Uid, "gdcmconv --j2k", "-xv" },
        { TransferSyntax.JPEG2000.Uid, "gdcmconv --j2k -Y -r 2", "-xw" },
    };

    /// <summary>64 by 64 pixels of 8 bits.</summary>
    public static DicomDataSet Picture { get; } = Samples.Everything().ToBuilder()
        .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, 64).Set(DicomTag.Columns, 64)
        .Set(DicomTag.BitsAllocated, 8).Set(DicomTag.BitsStored, 8).Set(DicomTag.HighBit, 7).Set(DicomTag.PixelRepresentation, 0)
        .Set(DicomTag.StudyInstanceUID, "1.2.3").Set(DicomTag.SeriesInstanceUID, "1.2.3.1")
        .Set(new DicomValue(DicomTag.PixelData, Vr.OB, Enumerable.Range(0, 64 * 64).Select(i => (byte)((i * i) >> 4)).ToArray()))
        .Build();

    /// <summary>Makes the picture in a transfer syntax.</summary>
    /// <returns>The path of the file.</returns>
    public static async Task<string> MakeAsync(string folder, string recipe)
    {
        var (plain, made) = (Path.Combine(folder, "plain.dcm"), Path.Combine(folder, "made.dcm"));
        await DicomFile.Create(Picture, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(plain);
        var words = recipe.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], plain, made])).Succeeded();
        return made;
    }

    /// <summary>Compares what is in two files: syntax, pixels, and who it is of.</summary>
    public static void AssertSame(DicomFile expected, DicomFile actual)
    {
        Assert.Equal(expected.TransferSyntax.Uid, actual.TransferSyntax.Uid);
        Assert.Equal(expected.DataSet.GetString(DicomTag.SOPInstanceUID), actual.DataSet.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal(expected.DataSet.GetString(DicomTag.PatientName), actual.DataSet.GetString(DicomTag.PatientName));
        Assert.Equal(Pixels(expected), Pixels(actual));
    }

    private static byte[] Pixels(DicomFile file)
    {
        Assert.True(file.DataSet.TryGet(DicomTag.PixelData, out var pixels));
        return pixels switch
        {
            DicomFragments fragments => [.. fragments.Fragments.SelectMany(f => f.TryGetMemory(out var bytes) ? bytes.ToArray() : [])],
            DicomValue value => value.Bytes.ToArray(),
            _ => throw new InvalidOperationException("the pixels are not in memory"),
        };
    }
}
