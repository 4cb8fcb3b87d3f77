using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>
/// An object to send by C-STORE, wherever its bytes are. They are read when it is sent and never all in memory. What is encoded in one of the
/// uncompressed transfer syntaxes can be sent in any of them; compressed pixel data are sent as they are.
/// </summary>
public abstract class SopInstance
{
    /// <param name="sopClassUid">What kind of object it is.</param>
    /// <param name="sopInstanceUid">Which object it is.</param>
    /// <param name="syntax">How it is encoded.</param>
    private protected SopInstance(string sopClassUid, string sopInstanceUid, TransferSyntax syntax)
        => (SopClassUid, SopInstanceUid, TransferSyntax) = (sopClassUid, sopInstanceUid, syntax);

    /// <summary>What kind of object it is.</summary>
    public string SopClassUid { get; }

    /// <summary>Which object it is.</summary>
    public string SopInstanceUid { get; }

    /// <summary>How it is encoded.</summary>
    public TransferSyntax TransferSyntax { get; }

    /// <summary>An object in memory, or one whose pixel data stayed in a file.</summary>
    /// <exception cref="ArgumentException">The data set has no SOP class or instance UID.</exception>
    public static SopInstance Of(DicomDataSet dataSet, TransferSyntax syntax) => new DataSetInstance(dataSet, syntax);

    /// <summary>A Part 10 file; the file is opened again when it is sent.</summary>
    /// <exception cref="DicomFormatException">It is no DICOM file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async ValueTask<SopInstance> OpenAsync(string path, CancellationToken ct = default) => await FileInstance.FromFileAsync(path, ct);

    /// <summary>The bytes of a Part 10 file, of which only the beginning is read now. It can be sent once; the stream stays the caller's.</summary>
    /// <exception cref="DicomFormatException">They are no DICOM file, or do not say which object they are.</exception>
    public static async ValueTask<SopInstance> ReadAsync(Stream part10, CancellationToken ct = default) => await StreamInstance.FromStreamAsync(part10, ct);

    /// <summary>Stands for an object that should be sent and cannot be read: sending it fails, and the failure is counted under its UID.</summary>
    /// <param name="sopInstanceUid">Which object it is.</param>
    /// <param name="cause">Why it cannot be read.</param>
    public static SopInstance Unreadable(string sopInstanceUid, Exception cause) => new UnreadableInstance(sopInstanceUid, cause);

    /// <summary>Whether it can be sent in a transfer syntax: its own, or another uncompressed one if it is not compressed.</summary>
    public bool CanBeSentAs(TransferSyntax syntax) => DataSetTranscoder.CanCopy(TransferSyntax, syntax);

    /// <summary>Writes the data set.</summary>
    internal abstract ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct);

    /// <summary>Writes a data set that is encoded as <see cref="TransferSyntax"/> says.</summary>
    private protected ValueTask WriteAsync(Stream from, Stream to, TransferSyntax syntax, CancellationToken ct)
    {
        if (syntax.Uid != TransferSyntax.Uid) return DataSetTranscoder.CopyAsync(from, TransferSyntax, to, syntax, null, ct);
        return to is MessageWriter message ? message.ReadFromAsync(from, ct) : new ValueTask(from.CopyToAsync(to, ct));
    }
}

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

    private static FileStream Open(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
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
    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct)
        => throw new DicomFormatException("the object cannot be read", cause: cause);
}
