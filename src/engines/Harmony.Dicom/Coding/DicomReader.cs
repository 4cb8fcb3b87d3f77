using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>
/// Reads data sets (PS3.5) that come without a file around them: from networks and from memory. Files are read by <see cref="Files.DicomFile"/>.
/// Reading is lenient; what was wrong is in <see cref="DicomReadResult.Warnings"/>.
/// </summary>
public static class DicomReader
{
    /// <summary>Reads a data set from memory. Values are parts of it and not copied, so it must not change afterwards.</summary>
    /// <exception cref="DicomFormatException">The bytes cannot be understood, or are more than the options allow.</exception>
    public static DicomReadResult Read(ReadOnlyMemory<byte> bytes, TransferSyntax syntax, DicomReadOptions? options = null)
    {
        using var source = new MemoryByteSource(bytes);
        // Nothing in memory is ever waited for.
        return ReadAsync(source, syntax, options ?? DicomReadOptions.Default, new WarningList(), null, CancellationToken.None).AsTask().GetAwaiter()
            .GetResult();
    }

    /// <summary>Reads a data set from memory in pieces. Values are copied.</summary>
    /// <exception cref="DicomFormatException">The bytes cannot be understood, or are more than the options allow.</exception>
    public static DicomReadResult Read(in ReadOnlySequence<byte> bytes, TransferSyntax syntax, DicomReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(syntax);
        if (syntax.IsDeflated) return Read(bytes.ToArray(), syntax, options);
        var parser = new DataSetParser(syntax, options ?? DicomReadOptions.Default, new WarningList());
        var input = bytes;
        parser.Parse(ref input, isFinal: true);
        return parser.Result;
    }

    /// <summary>Reads a data set to the end of a stream, or to where the options say. The stream may have been read further than that.</summary>
    /// <exception cref="DicomFormatException">The bytes cannot be understood, or are more than the options allow.</exception>
    public static async ValueTask<DicomReadResult> ReadAsync(
        Stream stream, TransferSyntax syntax, DicomReadOptions? options = null, CancellationToken ct = default)
    {
        using var source = new StreamSource(stream);
        return await ReadAsync(source, syntax, options ?? DicomReadOptions.Default, new WarningList(), null, ct);
    }

    /// <summary>
    /// Reads a data set to the end of a pipe, or to where the options say: then what comes next in the pipe is the element that was stopped
    /// before. (Of a deflated data set it is what follows in the compressed bytes, wherever that is.)
    /// </summary>
    /// <exception cref="DicomFormatException">The bytes cannot be understood, or are more than the options allow.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> tripped, or a read of the pipe was cancelled.</exception>
    public static async ValueTask<DicomReadResult> ReadAsync(
        PipeReader pipe, TransferSyntax syntax, DicomReadOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        ArgumentNullException.ThrowIfNull(syntax);
        if (syntax.IsDeflated) return await ReadAsync(pipe.AsStream(leaveOpen: true), syntax, options, ct);
        var parser = new DataSetParser(syntax, options ?? DicomReadOptions.Default, new WarningList());
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            if (read.IsCanceled) throw new OperationCanceledException("reading from the pipe was cancelled");
            var input = read.Buffer;
            var ended = parser.Parse(ref input, read.IsCompleted);
            pipe.AdvanceTo(input.Start, ended ? input.Start : read.Buffer.End);
            if (ended) return parser.Result;
        }
    }

    /// <summary>Inflates a data set of a deflated transfer syntax, from where the stream stands.</summary>
    /// <returns>Its bytes in explicit VR little endian. Reading them throws <see cref="InvalidDataException"/> where they cannot be inflated.</returns>
    public static async ValueTask<Stream> InflateAsync(Stream stream, CancellationToken ct = default)
    {
        var source = new StreamSource(stream);
        var deflated = new ByteSourceStream(source, ownsSource: true);
        return await HasZlibHeaderAsync(source, ct)
            ? new ZLibStream(deflated, CompressionMode.Decompress)
            : new DeflateStream(deflated, CompressionMode.Decompress);
    }

    /// <summary>Reads from any source, inflating what is deflated.</summary>
    internal static async ValueTask<DicomReadResult> ReadAsync(
        ByteSource source, TransferSyntax syntax, DicomReadOptions options, WarningList warnings, Func<long, long, bool, BulkData>? bulkSource,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(syntax);
        if (!syntax.IsDeflated) return await source.ParseAsync(new DataSetParser(syntax, options, warnings, source.Position, source.IsStable, bulkSource), ct);
        var hasZlibHeader = await HasZlibHeaderAsync(source, ct);
        if (hasZlibHeader) warnings.Add(DicomWarningKind.WrongTransferSyntax, default, source.Position);
        try
        {
            await using var inflated = hasZlibHeader
                ? (Stream)new ZLibStream(source.AsStream(), CompressionMode.Decompress)
                : new DeflateStream(source.AsStream(), CompressionMode.Decompress);
            using var inner = new StreamSource(inflated);
            return await inner.ParseAsync(new DataSetParser(syntax, options, warnings), ct);
        }
        catch (InvalidDataException e)
        {
            throw new DicomFormatException("the deflated data set cannot be inflated", source.Position, e);
        }
    }

    /// <summary>Whether the bytes are in the format of zlib (RFC 1950), which some write in the place of the one that the standard wants (RFC 1951).</summary>
    private static async ValueTask<bool> HasZlibHeaderAsync(ByteSource source, CancellationToken ct)
    {
        await source.FillToAsync(2, ct);
        return source.Buffered.Span is [0x78, var second, ..] && ((0x78 << 8) | second) % 31 == 0;
    }
}

/// <summary>What was read.</summary>
/// <param name="DataSet">The elements.</param>
/// <param name="Warnings">The first hundred things that are not as the standard wants them.</param>
/// <param name="StoppedBefore">The tag of the element that <see cref="DicomReadOptions.StopBefore"/> stopped reading at; null if all was read.</param>
/// <param name="Length">How many bytes the elements took, in a deflated data set inflated.</param>
public sealed record DicomReadResult(DicomDataSet DataSet, IReadOnlyList<DicomWarning> Warnings, DicomTag? StoppedBefore, long Length)
{
    /// <summary>Why the rest could not be read, if <see cref="DicomReadOptions.KeepsWhatWasRead"/> is set; null if all was.</summary>
    public DicomFormatException? Error { get; init; }
}
