using System.Buffers;
using System.IO.Pipelines;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>
/// Sees to it that what comes by C-STORE is the object that its command names: PS3.4 §B.2.3, PS3.10 §7.1. A sender may delete what it was told is stored, and
/// the object could not be found under the UID of the command.
/// </summary>
internal static class StoredIdentity
{
    /// <summary>How much of a data set is looked at: in all of it are the two UIDs, and the few elements that may stand before them.</summary>
    private const int StartLength = 64 * 1024;

    /// <summary>The element after the two UIDs.</summary>
    private static readonly DicomTag AfterUids = new(0x00080019);

    private static readonly DicomReadOptions Start = DicomReadOptions.Default with
    {
        StopBefore = AfterUids,
        MaxInflatedLength = StartLength,
        KeepsWhatWasRead = true
    };

    /// <summary>Looks at the beginning of a data set and leaves all of it to be read.</summary>
    /// <exception cref="DimseException">It is not what the command says, or says nothing about itself.</exception>
    public static async ValueTask CheckAsync(CStoreRequest request, PipeReader dataSet, TransferSyntax syntax, CancellationToken ct)
    {
        while (true)
        {
            var read = await dataSet.ReadAsync(ct);
            var (sopClass, instance, isAll) = await FindAsync(read.Buffer, syntax, ct);
            var isEnough = isAll || (sopClass is not null && instance is not null) || read.IsCompleted || read.Buffer.Length >= StartLength;
            dataSet.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (!isEnough) continue;
            Check("SOP class", sopClass, request.SopClassUid);
            Check("SOP instance", instance, request.SopInstanceUid);
            return;
        }
    }

    private static void Check(string what, string? found, string wanted)
    {
        if (found is null) throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, $"the data set names no {what}");
        if (found != wanted) throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, $"the data set is of another {what}");
    }

    private static async ValueTask<(string? SopClass, string? Instance, bool IsAll)> FindAsync(
        ReadOnlySequence<byte> bytes, TransferSyntax syntax, CancellationToken ct)
    {
        if (bytes.IsEmpty) return default;
        var start = bytes.IsSingleSegment ? bytes.First : bytes.Slice(0, Math.Min(bytes.Length, StartLength)).ToArray();
        if (start.Length > StartLength) start = start[..StartLength];
        using var source = new MemoryByteSource(start);
        try
        {
            var result = await DicomReader.ReadAsync(source, syntax, Start, new WarningList(), null, ct);
            return (result.DataSet.GetString(DicomTag.SOPClassUID), result.DataSet.GetString(DicomTag.SOPInstanceUID), result.StoppedBefore is not null);
        }
        catch (DicomFormatException)
        {
            return default; // it cannot be inflated, or not yet
        }
    }
}
