using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Json;

namespace Harmony.Dicom.Tests.Coding;

/// <summary>What is written is read again, in every encoding, by every way to read.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string, bool> Encodings()
    {
        var data = new TheoryData<string, bool>();
        foreach (var syntax in Samples.Native)
        {
            data.Add(syntax.Uid, false);
            data.Add(syntax.Uid, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task EveryVr_InEveryEncoding_IsReadAsItWasWritten(string uid, bool definedLengths)
    {
        var syntax = TransferSyntax.Of(uid);
        var original = Samples.Everything();
        var bytes = await DicomWriter.ToBytesAsync(original, syntax, new DicomWriteOptions { DefinedLengths = definedLengths });
        Assert.Equal(0, syntax.IsDeflated ? 0 : bytes.Length % 2);
        var expected = Json(original);
        Assert.Equal(expected, Json(DicomReader.Read(bytes, syntax)));
        Assert.Equal(expected, Json(DicomReader.Read(Pieces(bytes, 3), syntax)));
        Assert.Equal(expected, Json(await DicomReader.ReadAsync(new MemoryStream(bytes), syntax)));
        Assert.Equal(expected, Json(await DicomReader.ReadAsync(PipeReader.Create(new Trickle(bytes)), syntax)));
    }

    [Fact]
    public async Task Fragments_AreReadAsTheyWereWritten()
    {
        var bytes = await DicomWriter.ToBytesAsync(Samples.Encapsulated(), TransferSyntax.JPEG2000);
        var read = DicomReader.Read(bytes, TransferSyntax.JPEG2000);
        Assert.Empty(read.Warnings);
        Assert.True(read.DataSet.TryGet<DicomFragments>(DicomTag.PixelData, out var pixels));
        Assert.Equal([0u, 30u], pixels.BasicOffsetTable);
        Assert.Equal([10L, 4L, 6L], pixels.Fragments.Select(f => f.Length));
        Assert.Equal([0..2, 2..3], pixels.Frames(read.DataSet));
    }

    [Fact]
    public void Frames_ExtendedOffsetTable_GoesBeforeTheBasicOne()
    {
        var set = Samples.Encapsulated().ToBuilder()
            .Set(new DicomValue(DicomTag.ExtendedOffsetTable, Vr.OV, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0 }))
            .Build();
        Assert.Equal([0..1, 1..3], ((DicomFragments)set[^1]).Frames(set));
        var wrong = set.ToBuilder().Set(new DicomValue(DicomTag.ExtendedOffsetTable, Vr.OV, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 0, 0 }))
            .Build();
        Assert.Null(((DicomFragments)set[^1]).Frames(wrong));
    }

    [Fact]
    public async Task PixelData_ThatTheSyntaxDoesNotHave_AreNotWritten()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await DicomWriter.ToBytesAsync(Samples.Encapsulated(), TransferSyntax.ExplicitVRLittleEndian));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await DicomWriter.ToBytesAsync(Samples.Everything(), TransferSyntax.JPEG2000));
    }

    [Fact]
    public async Task StopBefore_LeavesTheRestInThePipe()
    {
        var bytes = await DicomWriter.ToBytesAsync(Samples.Everything(), TransferSyntax.ExplicitVRLittleEndian);
        var pipe = PipeReader.Create(new Trickle(bytes));
        var read = await DicomReader.ReadAsync(pipe, TransferSyntax.ExplicitVRLittleEndian, new DicomReadOptions { StopBefore = DicomTag.PixelData });
        Assert.Equal(DicomTag.PixelData, read.StoppedBefore);
        Assert.False(read.DataSet.Contains(DicomTag.PixelData));
        var rest = await pipe.ReadAtLeastAsync(20);
        Assert.Equal([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], rest.Buffer.ToArray());
        Assert.Equal(bytes.Length - 20, read.Length);
    }

    [Fact]
    public async Task Value_TooLongForItsVr_IsWrittenAsUnknown()
    {
        var set = new DicomDataSetBuilder().Set(new DicomValue(DicomTag.ImagePositionPatient, Vr.DS, new byte[70_000])).Build();
        var bytes = await DicomWriter.ToBytesAsync(set, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal("UN"u8, bytes.AsSpan(4, 2));
        var read = DicomReader.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal((Vr.DS, 70_000), (read.DataSet[0].Vr, ((DicomValue)read.DataSet[0]).Bytes.Length)); // known to the standard: PS3.5 §6.2.2
    }

    [Fact]
    public async Task CommandSet_HasItsGroupLength()
    {
        var command = new DicomDataSetBuilder().Set(DicomTag.AffectedSOPClassUID, Uid.VerificationSOPClass).Set(DicomTag.CommandField, 0x30)
            .Set(DicomTag.CommandDataSetType, 0x101).Build();
        var bytes = await CommandSet.ToBytesAsync(command);
        var read = CommandSet.Read(bytes);
        Assert.Equal(bytes.Length - 12, read.GetInt32(DicomTag.CommandGroupLength));
        Assert.Equal(0x30, read.GetInt32(DicomTag.CommandField));
        Assert.Throws<DicomFormatException>(() => CommandSet.Read(Samples.Implicit(0x00100010, 0)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await CommandSet.ToBytesAsync(Samples.Everything()));
    }

    private static string Json(DicomReadResult read)
    {
        Assert.Empty(read.Warnings);
        return Json(read.DataSet);
    }

    private static string Json(DicomDataSet set) => Encoding.UTF8.GetString(DicomJsonWriter.ToUtf8(set));

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        Piece? first = null, last = null;
        foreach (var chunk in bytes.Chunk(size)) last = first is null ? first = new Piece(chunk) : last!.Append(chunk);
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Append(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }

    /// <summary>A stream that gives one to seven bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_turn++ % 7))], cancellationToken);
    }
}
