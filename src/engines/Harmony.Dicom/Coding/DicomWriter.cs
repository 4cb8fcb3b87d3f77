using System.IO.Compression;
using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>
/// Writes data sets (PS3.5) without a file around them, as networks want them. Files are written by <see cref="Files.DicomFile"/>.
/// What is written follows the standard: even lengths, elements in order, no group lengths.
/// </summary>
public static class DicomWriter
{
    /// <summary>Writes a data set to a stream. Large values that are in files are copied through, never read into memory.</summary>
    /// <exception cref="InvalidOperationException">The pixel data are compressed and the transfer syntax has none that are, or the other way round.</exception>
    /// <exception cref="NotSupportedException">A value is the URI of something that was not fetched.</exception>
    public static async ValueTask WriteAsync(
        Stream stream, DicomDataSet dataSet, TransferSyntax syntax, DicomWriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(syntax);
        if (syntax.IsDeflated)
        {
            await using var deflated = new DeflatedOutput(stream, CompressionLevel.Optimal);
            await WritePlainAsync(deflated.Stream, dataSet, syntax, options, ct);
            await deflated.CompleteAsync(ct);
        }
        else
        {
            await WritePlainAsync(stream, dataSet, syntax, options, ct);
        }
    }

    /// <summary>Writes a data set to a pipe, flushing it now and then; the rest is flushed by the caller. Not for deflated syntaxes.</summary>
    /// <exception cref="InvalidOperationException">As above; or the transfer syntax is deflated.</exception>
    /// <exception cref="NotSupportedException">A value is the URI of something that was not fetched.</exception>
    public static async ValueTask WriteAsync(
        PipeWriter pipe, DicomDataSet dataSet, TransferSyntax syntax, DicomWriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(syntax);
        if (syntax.IsDeflated) throw new InvalidOperationException("deflated data sets are written to streams");
        CheckPixelData(dataSet, syntax);
        await new DataSetWriter(pipe, syntax, options ?? DicomWriteOptions.Default).WriteAsync(dataSet, ct);
    }

    /// <summary>A data set as bytes, for those that are small and whose values are in memory.</summary>
    /// <exception cref="InvalidOperationException">As above.</exception>
    /// <exception cref="NotSupportedException">A value is the URI of something that was not fetched.</exception>
    public static async ValueTask<byte[]> ToBytesAsync(
        DicomDataSet dataSet, TransferSyntax syntax, DicomWriteOptions? options = null, CancellationToken ct = default)
    {
        using var stream = new MemoryStream();
        await WriteAsync(stream, dataSet, syntax, options, ct);
        return stream.ToArray();
    }

    private static async ValueTask WritePlainAsync(Stream stream, DicomDataSet dataSet, TransferSyntax syntax, DicomWriteOptions? options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        CheckPixelData(dataSet, syntax);
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await new DataSetWriter(pipe, syntax, options ?? DicomWriteOptions.Default).WriteAsync(dataSet, ct);
        await pipe.CompleteAsync();
    }

    /// <summary>Bytes that say of themselves that they are what they are not would be stored, and be unreadable for ever.</summary>
    private static void CheckPixelData(DicomDataSet dataSet, TransferSyntax syntax)
    {
        if (!dataSet.TryGet(DicomTag.PixelData, out var pixels) || pixels.IsEmpty || pixels is DicomFragments == syntax.IsEncapsulated
            || syntax.HasBigEndianPixels) return;
        throw new InvalidOperationException(syntax.IsEncapsulated
            ? $"the pixel data are not encapsulated, as {syntax.Keyword} {syntax.Uid} wants them"
            : $"the pixel data are encapsulated; {syntax.Keyword} {syntax.Uid} has none that are");
    }
}

/// <summary>How to write, where the standard leaves a choice.</summary>
public sealed record DicomWriteOptions
{
    /// <summary>The defaults.</summary>
    public static DicomWriteOptions Default { get; } = new();

    /// <summary>Whether sequences and items say how long they are; else delimiters end them, which costs nothing to find out. Default false.</summary>
    public bool DefinedLengths { get; init; }
}
