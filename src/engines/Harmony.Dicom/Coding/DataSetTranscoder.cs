using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Coding;

/// <summary>
/// Copies data sets from stream to stream, in another transfer syntax, with other elements, or both. Only the elements before the pixel data are in memory;
/// pixel data are passed through. They are neither compressed nor decompressed.
/// </summary>
public static class DataSetTranscoder
{
    /// <summary>Group 7FE0: pixel data, of whatever kind.</summary>
    private static readonly DicomTag PixelGroup = new(0x7FE00000);

    /// <summary>Whether data sets can be copied from one transfer syntax to another: it is the same, or pixel data are compressed in neither.</summary>
    public static bool CanCopy(TransferSyntax source, TransferSyntax target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return source.Uid == target.Uid || (!source.IsEncapsulated && !target.IsEncapsulated);
    }

    /// <summary>Copies a data set.</summary>
    /// <param name="from">It, to its end.</param>
    /// <param name="source">How it is encoded.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="target">How it is to be encoded.</param>
    /// <param name="change">Changes the elements before the pixel data (group 7FE0); null: none.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DicomFormatException">The data set cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Pixel data would have to be compressed or decompressed.</exception>
    public static async ValueTask CopyAsync(
        Stream from, TransferSyntax source, Stream to, TransferSyntax target, Func<DicomDataSet, DicomDataSet>? change = null, CancellationToken ct = default)
    {
        if (!CanCopy(source, target)) throw new InvalidOperationException($"pixel data would have to be encoded anew, from {source} to {target}");
        await using var inflate = source.IsDeflated ? new DeflateStream(from, CompressionMode.Decompress, leaveOpen: true) : null;
        await using var deflated = target.IsDeflated ? new DeflatedOutput(to, CompressionLevel.Fastest) : null;
        using var input = new StreamSource(inflate ?? from);
        var output = PipeWriter.Create(deflated?.Stream ?? to, new StreamPipeWriterOptions(leaveOpen: true));
        try
        {
            await CopyAsync(input, source, output, target, change, ct);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DicomFormatException("the data set ends too early, or cannot be inflated", input.Position, e);
        }

        await output.CompleteAsync();
        if (deflated is not null) await deflated.CompleteAsync(ct);
    }

    private static async ValueTask CopyAsync(
        ByteSource input, TransferSyntax source, PipeWriter output, TransferSyntax target, Func<DicomDataSet, DicomDataSet>? change, CancellationToken ct)
    {
        var writer = new DataSetWriter(output, target, DicomWriteOptions.Default);
        var warnings = new WarningList();
        var header = await input.ParseAsync(new DataSetParser(source, DicomReadOptions.Default with { StopBefore = PixelGroup }, warnings), ct);
        await writer.WriteAsync(change is null ? header.DataSet : change(header.DataSet), ct);
        if (header.StoppedBefore is null) return;
        if (source.IsEncapsulated)
        {
            await output.FlushAsync(ct);
            await input.AsStream().CopyToAsync(output, ct);
            return;
        }

        while (await TryReadLargeAsync(input, source, warnings, ct) is { } element)
        {
            if (DataSetWriter.IsWritten(element, target)) await writer.WriteAsync(new DicomDataSet([element], header.DataSet.CharacterSet), ct);
            else await PassOverAsync(element.Data, ct);
        }

        var rest = await input.ParseAsync(new DataSetParser(source, DicomReadOptions.Default, warnings), ct);
        await writer.WriteAsync(rest.DataSet, ct);
    }

    /// <summary>An element whose value is read when it is written.</summary>
    /// <returns>Null if there is none, or what comes is no plain value.</returns>
    private static async ValueTask<DicomBulkValue?> TryReadLargeAsync(ByteSource input, TransferSyntax source, WarningList warnings, CancellationToken ct)
    {
        await input.FillToAsync(HeaderReader.LongSize, ct);
        var frame = new ParserFrame(FrameKind.DataSet, default, ParserFrame.Undefined) { IsExplicitVr = source.IsExplicitVr, IsBigEndian = source.IsBigEndian };
        if (!HeaderReader.TryPeek(new ReadOnlySequence<byte>(input.Buffered), frame, warnings, input.Position, out var header)) return null;
        if (header.IsUndefined || header.Vr == Vr.SQ || header.Tag.Group != PixelGroup.Group) return null;
        input.Consume(header.Size);
        return new DicomBulkValue(header.Tag, header.Vr, new ByteSourceBulkData(input, header.Length, source.IsBigEndian && header.Vr.WordSize() > 1));
    }

    /// <summary>A value that is not written is read nevertheless: the next element follows it.</summary>
    private static async ValueTask PassOverAsync(BulkData data, CancellationToken ct)
    {
        await using var value = await data.OpenAsync(ct);
        await value.CopyToAsync(Stream.Null, ct);
    }
}
