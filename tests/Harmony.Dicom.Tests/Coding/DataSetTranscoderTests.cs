using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Tests.Coding;

public sealed class DataSetTranscoderTests
{
    /// <summary>Each makes one of <see cref="Samples.Native"/>.</summary>
    private static readonly string[] DcmconvOptions = ["+ti", "+te", "+tb", "+td"];

    [Fact]
    public async Task Copy_BetweenUncompressedSyntaxes_KeepsEveryValue()
    {
        // An element after the pixel data, too.
        var dataSet = Samples.Everything().ToBuilder().Set(new DicomValue(DicomTag.DataSetTrailingPadding, Vr.OB, new byte[] { 1, 2, 3, 4 })).Build();
        var expected = await DicomWriter.ToBytesAsync(dataSet, TransferSyntax.ExplicitVRLittleEndian);
        foreach (var source in Samples.Native)
        {
            foreach (var target in Samples.Native)
            {
                var copied = await CopyAsync(await DicomWriter.ToBytesAsync(dataSet, source), source, target);
                var read = DicomReader.Read(copied, target);
                Assert.Equal(expected, await DicomWriter.ToBytesAsync(read.DataSet, TransferSyntax.ExplicitVRLittleEndian));
            }
        }
    }

    /// <summary>Group lengths of every group, in items too, are not written again; above all not in place of the pixels they stand before.</summary>
    [DcmtkTheory("dcmconv")]
    [InlineData("-e")]
    [InlineData("+e")]
    public async Task Copy_WithGroupLengths_KeepsEveryValue(string lengths)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-dicom-").FullName;
        try
        {
            await DicomFile.Create(Samples.Everything(), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(Path.Combine(folder, "a.dcm"));
            foreach (var (option, source) in DcmconvOptions.Zip(Samples.Native))
            {
                var made = Path.Combine(folder, "b.dcm");
                (await DcmtkPeer.RunAsync("dcmconv", option, "+g", lengths, Path.Combine(folder, "a.dcm"), made)).Succeeded();
                var bytes = await DataSetOfAsync(made);
                var original = DicomReader.Read(bytes, source).DataSet;
                Assert.True(original.Contains(new DicomTag(0x7FE00000)) && original.Contains(new DicomTag(0x00080000)), source.Keyword);
                var expected = await DicomWriter.ToBytesAsync(original, TransferSyntax.ExplicitVRLittleEndian);
                foreach (var target in Samples.Native)
                {
                    var read = DicomReader.Read(await CopyAsync(bytes, source, target), target);
                    Assert.Equal((source.Uid, target.Uid, true), (source.Uid, target.Uid, read.DataSet.Contains(DicomTag.PixelData)));
                    Assert.Equal(expected, await DicomWriter.ToBytesAsync(read.DataSet, TransferSyntax.ExplicitVRLittleEndian));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Copy_PixelGroupLength_IsPassedOver()
    {
        byte[] bytes =
            [.. Samples.Element(0x00080060, "CS", "CT"u8), .. Samples.Element(0x7FE00000, "UL", [14, 0, 0, 0]), .. Samples.Element(0x7FE00010, "OW", [1, 2])];
        var read = DicomReader.Read(await CopyAsync(bytes, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian),
            TransferSyntax.ImplicitVRLittleEndian).DataSet;
        Assert.Equal([DicomTag.Modality, DicomTag.PixelData], read.Select(e => e.Tag));
        Assert.Equal([1, 2], ((DicomValue)read[1]).Bytes.ToArray());
    }

    /// <summary>PS3.5 §A.5.</summary>
    [Fact]
    public async Task Copy_ToDeflated_HasAnEvenLength()
    {
        for (var length = 0; length < 16; length++)
        {
            var id = new DicomDataSetBuilder().Set(DicomTag.PatientID, "ABCDEFGHIJKLMNOP"[..length]).Build();
            var deflated = await CopyAsync(await DicomWriter.ToBytesAsync(id, TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian,
                TransferSyntax.DeflatedExplicitVRLittleEndian);
            var written = await DicomWriter.ToBytesAsync(id, TransferSyntax.DeflatedExplicitVRLittleEndian);
            Assert.Equal((length, 0, 0), (length, deflated.Length % 2, written.Length % 2));
            Assert.Equal(id.GetString(DicomTag.PatientID),
                DicomReader.Read(deflated, TransferSyntax.DeflatedExplicitVRLittleEndian).DataSet.GetString(DicomTag.PatientID));
        }
    }

    [Fact]
    public async Task Change_LeavesCompressedPixelsAsTheyAre()
    {
        var bytes = await DicomWriter.ToBytesAsync(Samples.Encapsulated(), TransferSyntax.JPEG2000);
        var copied = await CopyAsync(bytes, TransferSyntax.JPEG2000, TransferSyntax.JPEG2000, d => d.ToBuilder().Set(DicomTag.PatientID, "P-9").Build());
        var read = DicomReader.Read(copied, TransferSyntax.JPEG2000).DataSet;
        Assert.Equal("P-9", read.GetString(DicomTag.PatientID));
        var expected = await DicomWriter.ToBytesAsync(Samples.Encapsulated().ToBuilder().Set(DicomTag.PatientID, "P-9").Build(), TransferSyntax.JPEG2000);
        Assert.Equal(expected, copied);
    }

    [Fact]
    public async Task Compression_IsNotDoneHere()
    {
        Assert.False(DataSetTranscoder.CanCopy(TransferSyntax.JPEG2000, TransferSyntax.ExplicitVRLittleEndian));
        await Assert.ThrowsAsync<InvalidOperationException>(() => CopyAsync([], TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.RLELossless));
    }

    [Fact]
    public async Task Truncated_AtEveryByte_IsRefusedOrCopied()
    {
        foreach (var source in Samples.Native)
        {
            var bytes = await DicomWriter.ToBytesAsync(Samples.Everything(), source);
            for (var length = 0; length < bytes.Length; length += 3)
            {
                var e = await Record.ExceptionAsync(() => CopyAsync(bytes[..length], source, TransferSyntax.ExplicitVRBigEndian));
                Assert.True(e is null or DicomFormatException, $"{source} {length}: {e}");
            }
        }
    }

    private static async Task<byte[]> DataSetOfAsync(string path)
    {
        using var source = new MemoryByteSource(await File.ReadAllBytesAsync(path));
        await new DicomFileReader(source, DicomReadOptions.Default, null).ReadHeaderAsync(CancellationToken.None);
        return source.Buffered.ToArray();
    }

    private static async Task<byte[]> CopyAsync(byte[] bytes, TransferSyntax source, TransferSyntax target, Func<DicomDataSet, DicomDataSet>? change = null)
    {
        using var to = new MemoryStream();
        await DataSetTranscoder.CopyAsync(new MemoryStream(bytes), source, to, target, change);
        return to.ToArray();
    }
}
