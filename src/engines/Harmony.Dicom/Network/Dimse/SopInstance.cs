using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>
/// An object to send by C-STORE, wherever its bytes are. They are read when it is sent and never all in memory. What is encoded in one of the
/// uncompressed transfer syntaxes can be sent in any of them; compressed pixel data are sent as they are, unless a transcoder is given
/// (<see cref="Encodable"/>).
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

    /// <summary>
    /// An object whose pixel data are transcoded if the peer accepts neither its transfer syntax nor, for uncompressed objects, another uncompressed one.
    /// </summary>
    /// <param name="instance">The object as it is.</param>
    /// <param name="targets">What it can be encoded in, the most wanted first.</param>
    /// <param name="encode">
    /// Gives the object in one of them; throws <see cref="ObjectEncodingException"/> where it cannot, after which the next that the peer takes is tried. An
    /// object that comes with another SOP Instance UID, as what lost detail has to, is sent under that one.
    /// </param>
    public static SopInstance Encodable(
        SopInstance instance, IReadOnlyList<TransferSyntax> targets, Func<TransferSyntax, CancellationToken, ValueTask<EncodedInstance>> encode)
        => new EncodableInstance(instance, targets, encode);

    /// <summary>
    /// Whether it can be sent in a transfer syntax: its own, another uncompressed one if it is not compressed, or one that it can be encoded in anew.
    /// </summary>
    public bool CanBeSentAs(TransferSyntax syntax) => RankOf(syntax) is not null;

    /// <summary>How well a transfer syntax suits it, the lowest best; null: it cannot be sent in that one.</summary>
    internal virtual int? RankOf(TransferSyntax syntax)
    {
        if (syntax.Uid == TransferSyntax.Uid) return 0;
        if (!DataSetTranscoder.CanCopy(TransferSyntax, syntax)) return null;
        // Explicit VR keeps what implicit VR would lose of private elements; little endian is the best tested.
        return 1 + (syntax.IsExplicitVr ? 0 : 1) + (syntax.IsBigEndian ? 2 : 0) + (syntax.IsDeflated ? 4 : 0);
    }

    /// <summary>The object to send in a transfer syntax: this one, unless its pixel data have to be encoded anew.</summary>
    /// <exception cref="ObjectEncodingException">They cannot be.</exception>
    internal virtual ValueTask<EncodedInstance> EncodedAsync(TransferSyntax syntax, CancellationToken ct) => new(new EncodedInstance(this, null));

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

/// <summary>An object that can be encoded anew.</summary>
internal sealed class EncodableInstance(
    SopInstance instance, IReadOnlyList<TransferSyntax> targets, Func<TransferSyntax, CancellationToken, ValueTask<EncodedInstance>> encode)
    : SopInstance(instance.SopClassUid, instance.SopInstanceUid, instance.TransferSyntax)
{
    private const int AfterCopies = 16; // what can be copied is not encoded

    internal override int? RankOf(TransferSyntax syntax)
    {
        if (instance.RankOf(syntax) is { } rank) return rank;
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i].Uid == syntax.Uid) return AfterCopies + i;
        }

        return null;
    }

    internal override ValueTask<EncodedInstance> EncodedAsync(TransferSyntax syntax, CancellationToken ct)
        => instance.RankOf(syntax) is null ? encode(syntax, ct) : instance.EncodedAsync(syntax, ct);

    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct) => instance.WriteAsync(to, syntax, ct);
}

/// <summary>An object whose pixel data were encoded anew, to be sent.</summary>
/// <param name="instance">The object.</param>
/// <param name="source">What it is read from while it is sent, disposed with this; null: nothing that has to be.</param>
public sealed class EncodedInstance(SopInstance instance, IDisposable? source) : IDisposable
{
    /// <summary>The object.</summary>
    public SopInstance Instance => instance;

    /// <inheritdoc/>
    public void Dispose() => source?.Dispose();
}

/// <summary>The pixel data of an object cannot be encoded in a transfer syntax that the peer takes. Nothing was sent.</summary>
/// <param name="message">Why, without values of the data set.</param>
/// <param name="cause">What was thrown first, if anything.</param>
public sealed class ObjectEncodingException(string message, Exception? cause = null) : DicomNetworkException(message, cause);
