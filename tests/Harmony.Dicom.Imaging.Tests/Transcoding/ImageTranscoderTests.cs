using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging.Rendering;
using Harmony.Dicom.Imaging.Tests.Codecs;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Imaging.Tests.Transcoding;

/// <summary>What is encoded here is what DCMTK and GDCM decode.</summary>
public sealed class ImageTranscoderTests
{
    private static readonly FrameDecoder Decoder = new();
    private static readonly ImageTranscoder Transcoder = new(Decoder);

    public static TheoryData<string, string, string> Lossless()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var kind in (string[])["u8", "u12", "u16", "s8", "s12", "s16", "u12x3", "rgb", "rgbx3"])
        {
            data.Add(kind, nameof(TransferSyntax.RLELossless), "dcmdrle");
            data.Add(kind, nameof(TransferSyntax.JPEGLSLossless), "dcmdjpls");
            data.Add(kind, nameof(TransferSyntax.JPEG2000Lossless), "gdcmconv --raw");
        }

        return data;
    }

    [DcmtkTheory("gdcmconv")]
    [MemberData(nameof(Lossless))]
    public async Task Lossless_IsReadByOthers(string kind, string target, string reverse)
    {
        using var folder = new TestFolder();
        var picture = Picture.Of(kind);
        using (var made = await Transcoder.TranscodeAsync(picture.DataSet(), TransferSyntax.ExplicitVRLittleEndian, Syntax(target)))
        {
            Assert.Equal("1.2.3.4", made.DataSet.GetString(DicomTag.SOPInstanceUID));
            await made.ToFile().SaveAsync(folder.PathOf("made.dcm"));
        }

        var words = reverse.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], folder.PathOf("made.dcm"), folder.PathOf("plain.dcm")])).Succeeded();
        Assert.Equal(picture.Values(), await ValuesAsync(folder.PathOf("plain.dcm")));
        Assert.Equal(picture.Values(), await ValuesAsync(folder.PathOf("made.dcm")));
        using var back = await Transcoder.TranscodeAsync((await DicomFile.OpenAsync(folder.PathOf("made.dcm"))).DataSet, Syntax(target),
            TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(Pixels(picture.DataSet()), Pixels(back.DataSet));
    }

    [DcmtkTheory("gdcmconv")]
    [InlineData("u8", nameof(TransferSyntax.JPEGBaseline8Bit), "dcmdjpeg", 24, "ISO_10918_1")]
    [InlineData("rgb", nameof(TransferSyntax.JPEGBaseline8Bit), "dcmdjpeg", 40, "ISO_10918_1")]
    [InlineData("u12", nameof(TransferSyntax.JPEGLSNearLossless), "dcmdjpls", 2, "ISO_14495_1")]
    [InlineData("s12", nameof(TransferSyntax.JPEGLSNearLossless), "dcmdjpls", 2, "ISO_14495_1")]
    [InlineData("u16", nameof(TransferSyntax.JPEG2000), "gdcmconv --raw", 3000, "ISO_15444_1")]
    [InlineData("rgb", nameof(TransferSyntax.JPEG2000), "gdcmconv --raw", 40, "ISO_15444_1")]
    public async Task Lossy_IsAnotherObject_ThatSaysSo(string kind, string target, string reverse, int tolerance, string method)
    {
        using var folder = new TestFolder();
        var picture = Picture.Of(kind) with { Noise = 0.01, Amplitude = 0.9 };
        var source = picture.DataSet();
        var refused = await Assert.ThrowsAsync<ImagingException>(
            async () => await Transcoder.TranscodeAsync(source, TransferSyntax.ExplicitVRLittleEndian, Syntax(target)));
        Assert.Equal(ImagingErrorKind.Unsupported, refused.Kind);
        Assert.Contains("is lossy", refused.Message, StringComparison.Ordinal);

        using (var made = await Transcoder.TranscodeAsync(
            source, TransferSyntax.ExplicitVRLittleEndian, Syntax(target), new TranscodeOptions { AllowsLoss = true }))
        {
            Assert.NotEqual("1.2.3.4", made.DataSet.GetString(DicomTag.SOPInstanceUID));
            Assert.Equal("01", made.DataSet.GetString(DicomTag.LossyImageCompression));
            Assert.Equal(method, made.DataSet.GetString(DicomTag.LossyImageCompressionMethod));
            Assert.True(made.DataSet.GetDouble(DicomTag.LossyImageCompressionRatio) > 1);
            Assert.Equal(["DERIVED", "PRIMARY"], made.DataSet.GetStrings(DicomTag.ImageType));
            Assert.Equal("1.2.3.4", Assert.Single(made.DataSet.GetItems(DicomTag.SourceImageSequence)).GetString(DicomTag.ReferencedSOPInstanceUID));
            Assert.NotNull(made.DataSet.GetString(DicomTag.DerivationDescription));
            await made.ToFile().SaveAsync(folder.PathOf("made.dcm"));
        }

        var words = reverse.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], folder.PathOf("made.dcm"), folder.PathOf("plain.dcm")])).Succeeded();
        PeerCodecTests.AssertNear(picture.Values(), await ValuesAsync(folder.PathOf("plain.dcm")), tolerance, tolerance / 1.5);
        PeerCodecTests.AssertNear(picture.Values(), await ValuesAsync(folder.PathOf("made.dcm")), tolerance, tolerance / 1.5);
    }

    [Fact]
    public async Task UnusedBits_AreKept()
    {
        var picture = Picture.Of("u12");
        var source = picture.DataSet();
        var cells = Pixels(source);
        for (var i = 1; i < cells.Length; i += 14) cells[i] |= 0x40; // an overlay in bit 14
        source = source.ToBuilder().Set(new DicomValue(DicomTag.PixelData, Vr.OW, cells)).Build();
        foreach (var target in (TransferSyntax[])[TransferSyntax.RLELossless, TransferSyntax.JPEGLSLossless, TransferSyntax.JPEG2000Lossless])
        {
            using var made = await Transcoder.TranscodeAsync(source, TransferSyntax.ExplicitVRLittleEndian, target);
            using var back = await Transcoder.TranscodeAsync(made.DataSet, target, TransferSyntax.ExplicitVRLittleEndian);
            Assert.Equal(cells, Pixels(back.DataSet));
        }
    }

    [Theory]
    [InlineData("u16", nameof(TransferSyntax.JPEGBaseline8Bit))]
    [InlineData("u8", nameof(TransferSyntax.JPEGXL))]
    [InlineData("u8", nameof(TransferSyntax.HTJ2KLossless))]
    [InlineData("u32", nameof(TransferSyntax.JPEGLSLossless))]
    public async Task WhatCannotBeEncoded_IsRefused(string kind, string target)
    {
        var error = await Assert.ThrowsAsync<ImagingException>(async () =>
            await Transcoder.TranscodeAsync(Picture.Of(kind).DataSet(), TransferSyntax.ExplicitVRLittleEndian, Syntax(target),
                new TranscodeOptions { AllowsLoss = true }));
        Assert.Equal(ImagingErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public async Task ObjectsWithoutPixels_AreGivenBack()
    {
        var report = Picture.Of("u8").DataSet(b => b.Remove(DicomTag.PixelData));
        using var made = await Transcoder.TranscodeAsync(report, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.JPEG2000Lossless);
        Assert.Same(report, made.DataSet);
    }

    /// <summary>More than is kept in memory goes through a file, which is gone afterwards.</summary>
    [Fact]
    public async Task LargeObjects_GoThroughAFile()
    {
        using var folder = new TestFolder();
        var picture = new Picture { Rows = 1024, Columns = 1024, Allocated = 16, Stored = 16, Frames = 20, Noise = 1 };
        var source = await picture.SaveAsync(folder.PathOf("a.dcm"));
        var file = await DicomFile.OpenAsync(source);
        using (var made = await Transcoder.TranscodeAsync(file.DataSet, file.TransferSyntax, TransferSyntax.RLELossless))
        {
            Assert.True(made.DataSet.TryGet<DicomFragments>(DicomTag.PixelData, out var fragments));
            var path = Assert.IsType<FileBulkData>(fragments.Fragments[0]).Path;
            Assert.True(File.Exists(path));
            await made.ToFile().SaveAsync(folder.PathOf("b.dcm"));
            made.Dispose();
            Assert.False(File.Exists(path));
        }

        var (before, after) = (await DicomImage.OpenAsync(source), await DicomImage.OpenAsync(folder.PathOf("b.dcm")));
        Assert.Equal((await Decoder.DecodeAsync(before, 20)).Samples.ToArray(), (await Decoder.DecodeAsync(after, 20)).Samples.ToArray());
    }

    private static TransferSyntax Syntax(string keyword) => TransferSyntax.All.Single(s => s.Keyword == keyword);

    private static byte[] Pixels(DicomDataSet set) => set.TryGet<DicomValue>(DicomTag.PixelData, out var value) ? value.Bytes.ToArray() : [];

    private static async Task<int[]> ValuesAsync(string path)
    {
        var image = await DicomImage.OpenAsync(path);
        var values = new List<int>();
        for (var frame = 1; frame <= image.FrameCount; frame++) values.AddRange(Picture.ValuesOf(ColorScale.ToRgb(await Decoder.DecodeAsync(image, frame))));
        return [.. values];
    }
}
