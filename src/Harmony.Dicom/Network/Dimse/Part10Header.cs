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
    /// <summary>The element after the two UIDs.</summary>
    private static readonly DicomTag AfterUids = new(0x00080019);

    /// <summary>Reads it; the source is at the data set then, if the file has meta information.</summary>
    /// <param name="source">The file.</param>
    /// <param name="mayReadDataSet">Whether the UIDs may be looked for in the data set, which the source is then somewhere in.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DicomFormatException">It is no DICOM file, or no object.</exception>
    public static async ValueTask<(Part10Header Header, long Offset)> ReadAsync(ByteSource source, bool mayReadDataSet, CancellationToken ct)
    {
        var (meta, syntax) = await new DicomFileReader(source, DicomReadOptions.Default, null).ReadHeaderAsync(ct);
        var offset = source.Position;
        var (sopClass, sopInstance) = (meta.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid);
        if ((sopClass is null || sopInstance is null) && mayReadDataSet)
        {
            var start = await DicomReader.ReadAsync(source, syntax, DicomReadOptions.Default with { StopBefore = AfterUids }, new WarningList(), null, ct);
            (sopClass, sopInstance) = (start.DataSet.GetString(DicomTag.SOPClassUID), start.DataSet.GetString(DicomTag.SOPInstanceUID));
        }

        if (sopClass is null || sopInstance is null) throw new DicomFormatException("the file does not say which object it is", source.Position);
        return (new Part10Header(sopClass, sopInstance, syntax), offset);
    }
}
