using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>What has to be known of a file before it is sent.</summary>
/// <param name="SopClassUid">What kind of object it is.</param>
/// <param name="SopInstanceUid">Which object it is.</param>
/// <param name="Syntax">How it is encoded.</param>
internal sealed record Part10Header(string SopClassUid, string SopInstanceUid, TransferSyntax Syntax)
{
    /// <summary>How much of a data set is looked at: in all of it are the two UIDs, and the few elements that may stand before them.</summary>
    private const int StartLength = 32 * 1024;

    /// <summary>The element after the two UIDs.</summary>
    private static readonly DicomTag AfterUids = new(0x00080019);

    private static readonly DicomReadOptions Start = DicomReadOptions.Default with
    {
        StopBefore = AfterUids,
        MaxInflatedLength = StartLength,
        KeepsWhatWasRead = true
    };

    /// <summary>
    /// Reads it; the source is at the data set then. The UIDs are those of the data set, as PS3.7 §9.1.1.1 wants them; what the meta information says
    /// counts where it has none.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DicomFormatException">It is no DICOM file, or no object.</exception>
    public static async ValueTask<(Part10Header Header, long Offset)> ReadAsync(ByteSource source, CancellationToken ct)
    {
        var (meta, syntax) = await new DicomFileReader(source, DicomReadOptions.Default, null).ReadHeaderAsync(ct);
        await source.FillToAsync(StartLength, ct);
        var start = await StartOfAsync(source.Buffered, syntax, ct);
        var sopClass = start.GetString(DicomTag.SOPClassUID) ?? meta.MediaStorageSopClassUid;
        var sopInstance = start.GetString(DicomTag.SOPInstanceUID) ?? meta.MediaStorageSopInstanceUid;
        if (sopClass is null || sopInstance is null) throw new DicomFormatException("the file does not say which object it is", source.Position);
        return (new Part10Header(sopClass, sopInstance, syntax), source.Position);
    }

    /// <summary>The first elements, read without passing over them; their values are parts of <paramref name="bytes"/>.</summary>
    private static async ValueTask<DicomDataSet> StartOfAsync(ReadOnlyMemory<byte> bytes, TransferSyntax syntax, CancellationToken ct)
    {
        using var start = new MemoryByteSource(bytes);
        try
        {
            return (await DicomReader.ReadAsync(start, syntax, Start, new WarningList(), null, ct)).DataSet;
        }
        catch (DicomFormatException)
        {
            return DicomDataSet.Empty; // it cannot be inflated
        }
    }
}
