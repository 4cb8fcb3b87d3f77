using System.Buffers.Binary;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Dicom.Imaging.Tests.Frames;

/// <summary>Frames are found however fragments and offset tables tell, or fail to.</summary>
public sealed class FrameAccessTests
{
    private static readonly FrameDecoder Decoder = new();
    private static readonly Picture Three = Picture.Of("u12x3");

    /// <summary>Name, how many fragments each frame is cut into, basic offset table, extended offset table.</summary>
    public static TheoryData<string, int, string, string> Tables() => new()
    {
        { "one fragment each, no table", 1, "none", "none" },
        { "one fragment each, table", 1, "right", "none" },
        { "one fragment each, wrong table", 1, "zeros", "none" },
        { "several fragments, table", 3, "right", "none" },
        { "several fragments, no table", 3, "none", "none" },
        { "several fragments, zeros", 3, "zeros", "none" },
        { "several fragments, offsets without headers", 3, "no-headers", "none" },
        { "several fragments, table too short", 3, "short", "none" },
        { "several fragments, table that points into frames", 3, "into-frames", "none" },
        { "several fragments, extended table", 3, "none", "right" },
        { "several fragments, wrong extended table", 3, "right", "zeros" },
        { "several fragments, both wrong", 3, "zeros", "zeros" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Frames_AreFound(string name, int cuts, string basic, string extended)
    {
        Assert.NotEmpty(name);
        foreach (var syntax in (TransferSyntax[])[TransferSyntax.JPEGLSLossless, TransferSyntax.JPEG2000Lossless])
        {
            var image = DicomImage.Of(await CutAsync(syntax, cuts, basic, extended), syntax);
            var values = new List<int>();
            foreach (var frame in (int[])[3, 1, 2]) values.AddRange(Picture.ValuesOf(await Decoder.DecodeAsync(image, frame)));
            var (expected, size) = (Three.Values(), Three.Rows * Three.Columns);
            Assert.Equal([.. expected[(2 * size)..], .. expected[..(2 * size)]], values);
        }
    }

    [Fact]
    public async Task FragmentsOfUnknownFrames_AreAnError()
    {
        var set = await CutAsync(TransferSyntax.JPEGLSLossless, 3, "none", "none");
        var image = DicomImage.Of(set.ToBuilder().Set(DicomTag.NumberOfFrames, 4).Build(), TransferSyntax.JPEGLSLossless);
        var error = await Assert.ThrowsAsync<ImagingException>(async () => await image.ReadStoredAsync(1));
        Assert.Equal(ImagingErrorKind.Corrupt, error.Kind);
        Assert.Contains("4 frames are in 9 fragments", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public async Task FramesThatAreNotThere_AreAnError(int frame)
    {
        var image = DicomImage.Of(Three.DataSet(), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(ImagingErrorKind.NoSuchFrame, (await Assert.ThrowsAsync<ImagingException>(async () => await image.ReadStoredAsync(frame))).Kind);
    }

    /// <summary>As DCMTK shows it: what is there, then zeros. It is not encoded anew, for the zeros would become part of the object.</summary>
    [Theory]
    [InlineData("ExplicitVRLittleEndian")]
    [InlineData("ExplicitVRBigEndian")]
    public async Task FrameThatIsCutOff_IsFilledWithZeros(string keyword)
    {
        var syntax = TransferSyntax.All.Single(s => s.Keyword == keyword);
        var picture = Picture.Of("u12");
        var set = picture.DataSet(b => b.Set(DicomTag.Rows, 122));
        var read = DicomFile.Read(await FileAsync(set, syntax));
        var image = DicomImage.Of(read.DataSet, syntax);
        Assert.True(image.IsCutOff(1));
        var expected = picture.Values().Concat(new int[61 * 83]);
        Assert.Equal(expected, Picture.ValuesOf(await Decoder.DecodeAsync(image, 1)));
        Assert.Equal(ImagingErrorKind.Corrupt, (await Assert.ThrowsAsync<ImagingException>(async () =>
            await new ImageTranscoder(Decoder).TranscodeAsync(read.DataSet, syntax, TransferSyntax.RLELossless))).Kind);
    }

    private static async Task<byte[]> FileAsync(DicomDataSet set, TransferSyntax syntax)
    {
        using var stream = new MemoryStream();
        await DicomFile.Create(set, syntax).WriteAsync(stream);
        return stream.ToArray();
    }

    [Fact]
    public async Task PixelDataThatEndEarly_CostTheLastFrameOnly()
    {
        var set = Three.DataSet(b => b.Set(DicomTag.NumberOfFrames, 4));
        var image = DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian);
        await Decoder.DecodeAsync(image, 3);
        Assert.Equal(ImagingErrorKind.Corrupt, (await Assert.ThrowsAsync<ImagingException>(async () => await Decoder.DecodeAsync(image, 4))).Kind);
    }

    /// <summary>Frames of 61 × 83 pixels of one bit begin in the middle of bytes.</summary>
    [Fact]
    public async Task FramesOfOneBit_BeginWithinBytes()
    {
        var picture = new Picture { Frames = 3 };
        var bits = picture.Values().Select(v => v > 128).ToArray();
        var packed = new byte[(bits.Length + 15) / 16 * 2];
        for (var i = 0; i < bits.Length; i++) if (bits[i]) packed[i >> 3] |= (byte)(1 << (i & 7));
        var set = picture.DataSet(
            b => b.Set(DicomTag.BitsAllocated, 1).Set(DicomTag.BitsStored, 1).Set(DicomTag.HighBit, 0).Set(new DicomValue(DicomTag.PixelData, Vr.OB, packed)));
        var image = DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian);
        var values = new List<int>();
        for (var frame = 1; frame <= 3; frame++) values.AddRange(Picture.ValuesOf(await Decoder.DecodeAsync(image, frame)));
        Assert.Equal(bits.Select(b => b ? 1 : 0), values);
    }

    /// <summary>Cells of 12 bits follow each other without a gap: retired, and still in archives.</summary>
    [Fact]
    public async Task CellsOfTwelveBits_AreUnpacked()
    {
        var values = Picture.Of("u12").Values();
        var packed = new byte[((values.Length * 12) + 15) / 16 * 2];
        for (var i = 0; i < values.Length; i++)
            for (var b = 0; b < 12; b++) if ((values[i] >> b & 1) != 0) packed[((i * 12) + b) >> 3] |= (byte)(1 << (((i * 12) + b) & 7));
        var set = Picture.Of("u12").DataSet(s => s.Set(DicomTag.BitsAllocated, 12).Set(new DicomValue(DicomTag.PixelData, Vr.OW, packed)));
        Assert.Equal(values, Picture.ValuesOf(await Decoder.DecodeAsync(DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian), 1)));
    }

    [Theory]
    [InlineData(65535, 65535, 3, 8)]
    [InlineData(30000, 30000, 1, 32)]
    [InlineData(65535, 65535, 1, 1)]
    public async Task SizesBeyondTheLimits_AreRefused_BeforeAnythingIsAllocated(int rows, int columns, int samples, int bits)
    {
        var set = new Picture { Samples = samples }.DataSet(b => b.Set(DicomTag.Rows, rows).Set(
            DicomTag.Columns, columns).Set(DicomTag.BitsAllocated, bits).Set(DicomTag.BitsStored, bits).Set(DicomTag.HighBit, bits - 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ImagingErrorKind.TooLarge, Assert.Throws<ImagingException>(() => DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian)).Kind);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        var small = DicomImage.Of(new Picture { Rows = 4000, Columns = 4000 }.DataSet(), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(4000 * 4000, (await Decoder.DecodeAsync(small, 1)).Samples.Length);
    }

    [Theory]
    [InlineData("SamplesPerPixel", "3", ImagingErrorKind.NotAnImage)]
    [InlineData("SamplesPerPixel", "4", ImagingErrorKind.Unsupported)]
    [InlineData("BitsStored", "9", ImagingErrorKind.NotAnImage)]
    [InlineData("HighBit", "8", ImagingErrorKind.NotAnImage)]
    [InlineData("BitsAllocated", "0", ImagingErrorKind.NotAnImage)]
    [InlineData("BitsAllocated", "65535", ImagingErrorKind.NotAnImage)]
    [InlineData("Rows", "0", ImagingErrorKind.NotAnImage)]
    [InlineData("PhotometricInterpretation", "HSV", ImagingErrorKind.Unsupported)]
    [InlineData("NumberOfFrames", "-1", ImagingErrorKind.NotAnImage)]
    public void DescriptionsThatContradictThemselves_AreRefused(string keyword, string value, ImagingErrorKind expected)
    {
        var set = new Picture().DataSet(b => b.Set(DicomTag.Parse(keyword), value));
        Assert.Equal(expected, Assert.Throws<ImagingException>(() => DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian)).Kind);
    }

    private static async Task<DicomDataSet> CutAsync(TransferSyntax syntax, int cuts, string basic, string extended)
    {
        using var made = await new ImageTranscoder(Decoder).TranscodeAsync(Three.DataSet(), TransferSyntax.ExplicitVRLittleEndian, syntax);
        Assert.True(made.DataSet.TryGet<DicomFragments>(DicomTag.PixelData, out var whole));
        var fragments = new List<BulkData>();
        var (right, noHeaders, into) = (new List<ulong>(), new List<ulong>(), new List<ulong>());
        var (at, plain) = (0UL, 0UL);
        foreach (var frame in whole.Fragments)
        {
            Assert.True(frame.TryGetMemory(out var bytes));
            right.Add(at);
            noHeaders.Add(plain);
            var size = ((bytes.Length / cuts) + 1) & ~1;
            for (var i = 0; i < cuts; i++)
            {
                if (i == 1) into.Add(at);
                var part = i == cuts - 1 ? bytes[(i * size)..] : bytes.Slice(i * size, size);
                if (part.Length % 2 == 1) part = (byte[])[.. part.Span, 0];
                fragments.Add(new MemoryBulkData(part));
                at += 8 + (ulong)part.Length;
                plain += (ulong)part.Length;
            }
        }

        if (into.Count > 0) into[0] = 0;
        ulong[] Table(string kind) => kind switch
        {
            "none" => [],
            "right" => [.. right],
            "zeros" => new ulong[3],
            "no-headers" => [.. noHeaders],
            "short" => [.. right.Take(2)],
            "into-frames" => [.. into],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var builder = made.DataSet.ToBuilder().Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [.. Table(basic).Select(o => (uint)o)], fragments));
        if (extended != "none")
        {
            var bytes = new byte[24];
            for (var i = 0; i < 3; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), Table(extended)[i]);
            builder.Set(new DicomValue(DicomTag.ExtendedOffsetTable, Vr.OV, bytes));
        }

        return builder.Build();
    }
}
