using System.Buffers.Binary;
using System.IO.Pipelines;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Coding;

/// <summary>Writes elements as the standard wants them: even lengths, no group lengths, values too long for their VR as UN.</summary>
internal sealed class DataSetWriter(PipeWriter output, TransferSyntax syntax, DicomWriteOptions options)
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>
    /// Whether an element is written at all. Group lengths are retired, and would be wrong. Text in the tag of a sequence is lost in implicit VR: no reader
    /// would look for anything but items there, and most read no further.
    /// </summary>
    public static bool IsWritten(DicomElement element, TransferSyntax syntax)
        => !element.Tag.IsGroupLength
            && (syntax.IsExplicitVr || element is DicomSequence || element.IsEmpty || element.Vr == Vr.UN || DicomDictionary.VrOf(element.Tag) != Vr.SQ);

    /// <summary>The VR an element is written with: UN if its VR's length field is too short (PS3.5 §6.2.2 note 5).</summary>
    public static Vr VrFor(Vr vr, long length) => !vr.IsKnown() || (length > ushort.MaxValue && !vr.HasLongLength()) ? Vr.UN : vr;

    public async ValueTask WriteAsync(DicomDataSet dataSet, CancellationToken ct)
    {
        foreach (var element in dataSet)
        {
            if (!IsWritten(element, syntax)) continue;
            switch (element)
            {
                case DicomValue value when value.Tag == DicomTag.ExtendedOffsetTable && dataSet.TryGet<DicomFragments>(DicomTag.PixelData, out var pixels):
                    await WriteValueAsync(OffsetTables.Extended(value, pixels), ct);
                    break;
                case DicomValue value:
                    await WriteValueAsync(value, ct);
                    break;
                case DicomBulkValue bulk:
                    WriteHeader(bulk.Tag, bulk.Vr, EncodedLength.Even(EncodedLength.Of(bulk.Data)));
                    await WriteBulkAsync(bulk.Data, bulk.Vr, ct);
                    break;
                case DicomSequence sequence:
                    await WriteSequenceAsync(sequence, ct);
                    break;
                case DicomFragments fragments:
                    await WriteFragmentsAsync(fragments, ct);
                    break;
                default:
                    throw new InvalidOperationException($"{element} is of a kind that cannot be written");
            }

            await FlushIfFullAsync(ct);
        }
    }

    private ValueTask WriteValueAsync(DicomValue value, CancellationToken ct)
    {
        WriteHeader(value.Tag, value.Vr, EncodedLength.Even(value.Bytes.Length));
        return WriteBytesAsync(value.Bytes, value.Vr, syntax.IsBigEndian, ct);
    }

    private async ValueTask WriteSequenceAsync(DicomSequence sequence, CancellationToken ct)
    {
        WriteHeader(sequence.Tag, Vr.SQ, options.DefinedLengths ? EncodedLength.OfItems(sequence, syntax, true) : ElementHeader.UndefinedLength);
        foreach (var item in sequence.Items)
        {
            WriteItem(DicomTag.Item, options.DefinedLengths ? EncodedLength.Of(item, syntax, true) : ElementHeader.UndefinedLength);
            await WriteAsync(item, ct);
            if (!options.DefinedLengths) WriteItem(DicomTag.ItemDelimitation, 0);
        }

        if (!options.DefinedLengths) WriteItem(DicomTag.SequenceDelimitation, 0);
    }

    private async ValueTask WriteFragmentsAsync(DicomFragments fragments, CancellationToken ct)
    {
        WriteHeader(fragments.Tag, fragments.Vr, ElementHeader.UndefinedLength);
        WriteItem(DicomTag.Item, 4L * fragments.BasicOffsetTable.Count);
        foreach (var offset in OffsetTables.Basic(fragments)) WriteUInt32(offset);
        foreach (var fragment in fragments.Fragments)
        {
            WriteItem(DicomTag.Item, EncodedLength.Even(EncodedLength.Of(fragment)));
            await WriteBulkAsync(fragment, Vr.OB, ct);
            await FlushIfFullAsync(ct);
        }

        WriteItem(DicomTag.SequenceDelimitation, 0);
    }

    private void WriteHeader(DicomTag tag, Vr vr, long length)
    {
        var span = output.GetSpan(HeaderReader.LongSize);
        WriteTag(span, tag);
        vr = VrFor(vr, length == ElementHeader.UndefinedLength ? 0 : length);
        if (!syntax.IsExplicitVr)
        {
            WriteUInt32(span[4..], Length32(tag, length));
            output.Advance(HeaderReader.ShortSize);
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(span[4..], (ushort)vr);
        if (vr.HasLongLength())
        {
            span[6..8].Clear();
            WriteUInt32(span[8..], Length32(tag, length));
            output.Advance(HeaderReader.LongSize);
            return;
        }

        WriteUInt16(span[6..], (ushort)length);
        output.Advance(HeaderReader.ShortSize);
    }

    private void WriteItem(DicomTag tag, long length)
    {
        var span = output.GetSpan(HeaderReader.ShortSize);
        WriteTag(span, tag);
        WriteUInt32(span[4..], Length32(tag, length));
        output.Advance(HeaderReader.ShortSize);
    }

    private static uint Length32(DicomTag tag, long length)
        => length <= ElementHeader.UndefinedLength
            ? (uint)length
            : throw new InvalidOperationException($"{tag} has {length} bytes; a value has at most 2^32 - 2");

    private async ValueTask WriteBulkAsync(BulkData data, Vr vr, CancellationToken ct)
    {
        var swap = data.IsBigEndian != syntax.IsBigEndian;
        if (data.TryGetMemory(out var memory))
        {
            await WriteBytesAsync(memory, vr, swap, ct);
            return;
        }

        await using var stream = await data.OpenAsync(ct);
        var length = EncodedLength.Of(data);
        for (var left = length; left > 0;)
        {
            var chunk = output.GetMemory(ChunkSize)[..(int)Math.Min(ChunkSize, left)];
            await stream.ReadExactlyAsync(chunk, ct);
            if (swap) ByteOrder.Swap(chunk.Span, vr.WordSize());
            output.Advance(chunk.Length);
            left -= chunk.Length;
            await FlushIfFullAsync(ct);
        }

        Pad(length, vr);
    }

    private async ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, Vr vr, bool swap, CancellationToken ct)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var size = Math.Min(ChunkSize, bytes.Length - done);
            var chunk = output.GetMemory(size)[..size];
            bytes.Slice(done, size).CopyTo(chunk);
            if (swap) ByteOrder.Swap(chunk.Span, vr.WordSize());
            output.Advance(size);
            done += size;
            await FlushIfFullAsync(ct);
        }

        Pad(bytes.Length, vr);
    }

    private void Pad(long length, Vr vr)
    {
        if ((length & 1) == 0) return;
        output.GetSpan(1)[0] = vr.Padding();
        output.Advance(1);
    }

    private async ValueTask FlushIfFullAsync(CancellationToken ct)
    {
        if (output.UnflushedBytes >= ChunkSize) await output.FlushAsync(ct);
    }

    private void WriteTag(Span<byte> to, DicomTag tag)
    {
        WriteUInt16(to, tag.Group);
        WriteUInt16(to[2..], tag.Element);
    }

    private void WriteUInt32(uint value)
    {
        WriteUInt32(output.GetSpan(4), value);
        output.Advance(4);
    }

    private void WriteUInt16(Span<byte> to, ushort value)
    {
        if (syntax.IsBigEndian) BinaryPrimitives.WriteUInt16BigEndian(to, value);
        else BinaryPrimitives.WriteUInt16LittleEndian(to, value);
    }

    private void WriteUInt32(Span<byte> to, uint value)
    {
        if (syntax.IsBigEndian) BinaryPrimitives.WriteUInt32BigEndian(to, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(to, value);
    }
}
