using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Tests.Coding;

public sealed class DataSetTranscoderTests
{
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

    private static async Task<byte[]> CopyAsync(byte[] bytes, TransferSyntax source, TransferSyntax target, Func<DicomDataSet, DicomDataSet>? change = null)
    {
        using var to = new MemoryStream();
        await DataSetTranscoder.CopyAsync(new MemoryStream(bytes), source, to, target, change);
        return to.ToArray();
    }
}
