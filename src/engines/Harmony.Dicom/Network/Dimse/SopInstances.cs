using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>An object that is a data set.</summary>
internal sealed class DataSetInstance(DicomDataSet dataSet, TransferSyntax syntax)
    : SopInstance(Required(dataSet, DicomTag.SOPClassUID), Required(dataSet, DicomTag.SOPInstanceUID), syntax)
{
    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct) => DicomWriter.WriteAsync(to, dataSet, syntax, null, ct);

    private static string Required(DicomDataSet dataSet, DicomTag tag)
        => dataSet.GetString(tag) ?? throw new ArgumentException($"the data set has no {tag}, so it cannot be stored", nameof(dataSet));
}

/// <summary>An object in a file.</summary>
internal sealed class FileInstance : SopInstance
{
    private readonly string _path;
    private readonly long _offset;

    private FileInstance(string path, long offset, Part10Header header)
        : base(header.SopClassUid, header.SopInstanceUid, header.Syntax) => (_path, _offset) = (path, offset);

    public static async ValueTask<FileInstance> FromFileAsync(string path, CancellationToken ct)
    {
        var full = Path.GetFullPath(path);
        await using var file = Open(full);
        using var source = new StreamSource(file);
        var (header, offset) = await Part10Header.ReadAsync(source, ct);
        return new FileInstance(full, offset, header);
    }

    internal override async ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct)
    {
        await using var file = Open(_path);
        file.Seek(_offset, SeekOrigin.Begin);
        await WriteAsync(file, to, syntax, ct);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
}

/// <summary>An object that comes as the stream of a Part 10 file.</summary>
internal sealed class StreamInstance : SopInstance
{
    private readonly StreamSource _source;
    private int _isSent;

    private StreamInstance(StreamSource source, Part10Header header)
        : base(header.SopClassUid, header.SopInstanceUid, header.Syntax) => _source = source;

    public static async ValueTask<StreamInstance> FromStreamAsync(Stream part10, CancellationToken ct)
    {
        var source = new StreamSource(part10);
        try
        {
            var (header, _) = await Part10Header.ReadAsync(source, ct);
            return new StreamInstance(source, header);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    internal override async ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isSent, 1) != 0) throw new InvalidOperationException("an object that is read from a stream can be sent once");
        using (_source) await WriteAsync(_source.AsStream(), to, syntax, ct);
    }
}

/// <summary>An object that is known and cannot be read.</summary>
internal sealed class UnreadableInstance(string sopInstanceUid, Exception cause) : SopInstance("", sopInstanceUid, TransferSyntax.ExplicitVRLittleEndian)
{
    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct) => throw new DicomFormatException("the object cannot be read", cause: cause);
}
