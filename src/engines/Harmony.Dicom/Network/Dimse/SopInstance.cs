using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
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
