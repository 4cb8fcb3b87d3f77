using System.Buffers.Binary;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Tests.Coding;

public sealed class OffsetTablesTests
{
    [Theory]
    [InlineData(new[] { 5, 4, 7 }, new ulong[] { 0, 25 }, new ulong[] { 0, 26 })] // two frames, the first in two fragments
    [InlineData(new[] { 5, 5, 5 }, new ulong[] { 0, 13, 26 }, new ulong[] { 0, 14, 28 })]
    [InlineData(new[] { 6, 4, 8 }, new ulong[] { 0, 14, 26 }, new ulong[] { 0, 14, 26 })] // nothing is padded
    [InlineData(new[] { 5, 4, 7 }, new ulong[] { 0, 14, 26 }, new ulong[] { 0, 14, 26 })] // made for padded fragments
    [InlineData(new[] { 5, 4, 7 }, new ulong[] { 0, 999 }, new ulong[] { 0, 999 })] // wrong
    [InlineData(new[] { 5, 4 }, new ulong[0], new ulong[0])]
    public async Task Write_FragmentsThatArePadded_MovesTheirOffsets(int[] lengths, ulong[] offsets, ulong[] written)
    {
        BulkData[] fragments = [.. lengths.Select(l => new MemoryBulkData(new byte[l]))];
        var extended = offsets.SelectMany(o => { var b = new byte[8]; BinaryPrimitives.WriteUInt64LittleEndian(b, o); return b; }).ToArray();
        var dataSet = new DicomDataSetBuilder()
            .Set(new DicomValue(DicomTag.ExtendedOffsetTable, Vr.OV, extended))
            .Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [.. offsets.Select(o => (uint)o)], fragments))
            .Build();
        foreach (var options in new[] { new DicomWriteOptions(), new DicomWriteOptions { DefinedLengths = true } })
        {
            var read = DicomReader.Read(await DicomWriter.ToBytesAsync(dataSet, TransferSyntax.JPEG2000, options), TransferSyntax.JPEG2000);
            Assert.Empty(read.Warnings);
            Assert.Equal(written, ((DicomFragments)read.DataSet[1]).BasicOffsetTable.Select(o => (ulong)o));
            Assert.Equal(written, ((DicomValue)read.DataSet[0]).Bytes.ToArray().Chunk(8).Select(c => BinaryPrimitives.ReadUInt64LittleEndian(c)));
        }
    }
}
