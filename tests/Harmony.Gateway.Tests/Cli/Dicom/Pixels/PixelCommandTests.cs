using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Gateway.Tests.Cli.Dicom.Pixels;

public sealed class PixelCommandTests
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Theory]
    [InlineData("out.png", new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })]
    [InlineData("out.jpg", new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 })]
    [InlineData("out.gif", new byte[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8' })]
    public async Task Image_WritesTheKindOfFileItsNameSays(string name, byte[] start)
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "a.dcm");
        var run = await CommandLine.RunAsync(folder, "dicom", "image", "FOLDER/a.dcm", "-o", $"FOLDER/{name}", "--frame", "2", "--window", "128,256",
            "--size", "32x32");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Equal(start, (await File.ReadAllBytesAsync(Path.Combine(folder.Path, name)))[..4]);
    }

    [Fact]
    public async Task Image_OfAFolder_DoesWhatItCan()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "in/a.dcm");
        await SaveAsync(folder, "in/b/c.dcm");
        await SaveAsync(folder, "in/broken.dcm", b => b.Set(DicomTag.NumberOfFrames, 9));
        await SaveAsync(folder, "in/report.dcm", b => b.Remove(DicomTag.PixelData));
        folder.Write("in/notes.txt", "no image");
        var run = await CommandLine.RunAsync(folder, "dicom", "image", "FOLDER/in", "-o", "FOLDER/out");
        Assert.Equal((1, "2 of 5 files, 2 are no images, 1 failed\n"), (run.ExitCode, run.Output));
        Assert.Equal("in/broken.dcm: the pixel data end before the frame does\n", run.Error);
        Assert.Equal(Png, (await File.ReadAllBytesAsync(Path.Combine(folder.Path, "out/b/c.png")))[..4]);
    }

    [Fact]
    public async Task Image_ThatIsCutOff_IsShownWithAWarning()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "a.dcm", b => b.Set(DicomTag.NumberOfFrames, 1).Set(DicomTag.Rows, 256));
        var run = await CommandLine.RunAsync(folder, "dicom", "image", "FOLDER/a.dcm", "-o", "FOLDER/a.png");
        Assert.Equal((0, "a.dcm: warning: the pixel data end in the middle of the frame; the rest is black\n"), (run.ExitCode, run.Error));
        Assert.Equal(Png, (await File.ReadAllBytesAsync(Path.Combine(folder.Path, "a.png")))[..4]);
    }

    [Theory]
    [InlineData("there is no frame 3: the object has 2", "--frame", "3")]
    [InlineData("--window is a center and a width, as 40,400", "--window", "40")]
    [InlineData("--size is a width and a height, as 512x512", "--size", "512")]
    [InlineData("--format is png, jpeg or gif", "--format", "bmp")]
    [InlineData("the quality of a JPEG image is 1 to 100", "--quality", "0")]
    [InlineData("samples of a rendered image have 8 or 16 bits", "--depth", "12")]
    public async Task Image_ThatCannotBe_SaysWhy(string said, params string[] options)
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "a.dcm");
        var run = await CommandLine.RunAsync(folder, ["dicom", "image", "FOLDER/a.dcm", "-o", "FOLDER/a.jpg", .. options]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    /// <summary>JPEG-LS is decoded by another process of the program.</summary>
    [Theory]
    [InlineData("RLELossless", "1.2.840.10008.1.2.5")]
    [InlineData("1.2.840.10008.1.2.2", "1.2.840.10008.1.2.2")]
    [InlineData("jpeglslossless", "1.2.840.10008.1.2.4.80")]
    public async Task Transcode_ThereAndBack_IsTheSame(string to, string uid)
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "a.dcm");
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/a.dcm", "--to", to, "-o", "FOLDER/b.dcm")).ExitCode);
        Assert.Equal(uid, (await DicomFile.OpenAsync(Path.Combine(folder.Path, "b.dcm"))).TransferSyntax.Uid);
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/b.dcm", "--to", "ExplicitVRLittleEndian", "-o", "FOLDER/c.dcm"))
            .ExitCode);
        var (before, after) = (await DicomFile.OpenAsync(Path.Combine(folder.Path, "a.dcm")), await DicomFile.OpenAsync(Path.Combine(folder.Path, "c.dcm")));
        Assert.Equal(Pixels(before.DataSet), Pixels(after.DataSet));
    }

    [Fact]
    public async Task Transcode_OfAFolder_DoesWhatItCan_AndKeepsPlaces()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "in/a.dcm");
        await SaveAsync(folder, "in/b/c.dcm");
        await SaveAsync(folder, "in/broken.dcm", b => b.Set(DicomTag.NumberOfFrames, 9));
        folder.Write("in/notes.txt", "no image");
        var run = await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/in", "--to", "RLELossless", "-o", "FOLDER/out");
        Assert.Equal((1, "2 of 4 files, 1 are no images, 1 failed\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("in/broken.dcm: ", run.Error, StringComparison.Ordinal);
        foreach (var made in new[] { "out/a.dcm", "out/b/c.dcm" })
        {
            Assert.Equal("1.2.840.10008.1.2.5", (await DicomFile.OpenAsync(Path.Combine(folder.Path, made))).TransferSyntax.Uid);
        }

        Assert.False(File.Exists(Path.Combine(folder.Path, "out/broken.dcm")));
    }

    [Fact]
    public async Task Transcode_WithLoss_IsDoneOnlyWhenAsked()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder, "a.dcm");
        var refused = await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/a.dcm", "--to", "JPEGBaseline8Bit", "-o", "FOLDER/b.dcm");
        Assert.Equal((1, "a.dcm: transfer syntax JPEGBaseline8Bit 1.2.840.10008.1.2.4.50 is lossy, and lossy compression was not requested\n"),
            (refused.ExitCode, refused.Error));
        Assert.False(File.Exists(Path.Combine(folder.Path, "b.dcm")));
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/a.dcm", "--to", "JPEGBaseline8Bit", "-o", "FOLDER/b.dcm", "--lossy"))
            .ExitCode);
        Assert.Equal("01", (await DicomFile.OpenAsync(Path.Combine(folder.Path, "b.dcm"))).DataSet.GetString(DicomTag.LossyImageCompression));
    }

    [Fact]
    public async Task Transcode_ToWhatIsNotWritten_NamesWhatIs()
    {
        using var folder = new ConfigFolder();
        var run = await CommandLine.RunAsync(folder, "dicom", "transcode", "FOLDER/a.dcm", "--to", "JPEGXL", "-o", "FOLDER/b.dcm");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("--to: 'JPEGXL' cannot be written; there are ExplicitVRLittleEndian, ", run.Error, StringComparison.Ordinal);
    }

    private static async Task SaveAsync(ConfigFolder folder, string name, Action<DicomDataSetBuilder>? change = null)
    {
        var builder = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.MultiframeGrayscaleByteSecondaryCaptureImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3")
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.NumberOfFrames, 2).Set(DicomTag.Rows, 64)
            .Set(DicomTag.Columns, 64)
            .Set(DicomTag.BitsAllocated, 8).Set(DicomTag.BitsStored, 8).Set(DicomTag.HighBit, 7).Set(DicomTag.PixelRepresentation, 0)
            .Set(new DicomValue(DicomTag.PixelData, Vr.OB, Enumerable.Range(0, 2 * 64 * 64).Select(i => (byte)((i * i) >> 6)).ToArray()));
        change?.Invoke(builder);
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await DicomFile.Create(builder.Build(), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
    }

    private static byte[] Pixels(DicomDataSet set) => set.TryGet<DicomValue>(DicomTag.PixelData, out var value) ? value.Bytes.ToArray() : [];
}
