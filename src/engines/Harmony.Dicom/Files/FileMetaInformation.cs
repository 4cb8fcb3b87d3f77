using System.Buffers.Binary;
using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Files;

/// <summary>What a file says about itself before its data set: group 0002, PS3.10 §7.1.</summary>
/// <param name="elements">The elements of group 0002.</param>
public sealed class FileMetaInformation(DicomDataSet elements)
{
    /// <summary>(0002,0012) of files that this library makes.</summary>
    public const string HarmonyImplementationClassUid = "2.25.109222483866622895885247491874522027009";

    /// <summary>(0002,0013) of files that this library makes.</summary>
    public const string HarmonyImplementationVersionName = "HARMONY_DICOM_1";

    private const int GroupLengthSize = 12;

    /// <summary>The elements of group 0002, as they were read.</summary>
    public DicomDataSet Elements { get; } = elements;

    /// <summary>(0002,0002), what kind of object the data set is.</summary>
    public string? MediaStorageSopClassUid => Elements.GetString(DicomTag.MediaStorageSOPClassUID);

    /// <summary>(0002,0003), which object it is.</summary>
    public string? MediaStorageSopInstanceUid => Elements.GetString(DicomTag.MediaStorageSOPInstanceUID);

    /// <summary>(0002,0010), how it is encoded; null if the file does not say.</summary>
    public TransferSyntax? TransferSyntax => Elements.GetString(DicomTag.TransferSyntaxUID) is { } uid ? Data.Uids.TransferSyntax.Of(uid) : null;

    /// <summary>(0002,0012), what wrote the file.</summary>
    public string? ImplementationClassUid => Elements.GetString(DicomTag.ImplementationClassUID);

    /// <summary>(0002,0013), what wrote the file, in words.</summary>
    public string? ImplementationVersionName => Elements.GetString(DicomTag.ImplementationVersionName);

    /// <summary>(0002,0016), the AE title the object came from.</summary>
    public string? SourceApplicationEntityTitle => Elements.GetString(DicomTag.SourceApplicationEntityTitle);

    /// <summary>Makes meta information for a data set, with the UIDs that stand in it.</summary>
    /// <param name="dataSet">Has (0008,0016) and (0008,0018).</param>
    /// <param name="syntax">How it will be encoded.</param>
    /// <param name="sourceApplicationEntityTitle">The AE title it came from, if that is known.</param>
    /// <exception cref="ArgumentException">The data set has no SOP class or instance UID: it is no object that could be a file.</exception>
    public static FileMetaInformation Create(DicomDataSet dataSet, TransferSyntax syntax, string? sourceApplicationEntityTitle = null)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return Create(Required(dataSet, DicomTag.SOPClassUID), Required(dataSet, DicomTag.SOPInstanceUID), syntax, sourceApplicationEntityTitle);
    }

    /// <summary>
    /// Makes meta information for a data set that was not read, such as one that goes from a network to a file. The UIDs are the sender's, and
    /// are taken as they are if they can be at all: <see cref="Uid.IsTolerable"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A UID is none.</exception>
    public static FileMetaInformation Create(string sopClassUid, string sopInstanceUid, TransferSyntax syntax, string? sourceApplicationEntityTitle = null)
    {
        ArgumentNullException.ThrowIfNull(syntax);
        var builder = new DicomDataSetBuilder()
            .Set(new DicomValue(DicomTag.FileMetaInformationVersion, Vr.OB, new byte[] { 0, 1 }))
            .Set(Received(DicomTag.MediaStorageSOPClassUID, sopClassUid))
            .Set(Received(DicomTag.MediaStorageSOPInstanceUID, sopInstanceUid))
            .Set(DicomTag.TransferSyntaxUID, syntax.Uid)
            .Set(DicomTag.ImplementationClassUID, HarmonyImplementationClassUid)
            .Set(DicomTag.ImplementationVersionName, HarmonyImplementationVersionName);
        if (sourceApplicationEntityTitle is not null) builder.Set(DicomTag.SourceApplicationEntityTitle, sourceApplicationEntityTitle);
        return new FileMetaInformation(builder.Build());
    }

    /// <summary>The beginning of a file: preamble, <c>DICM</c> and these elements, with the right group length. The data set follows it.</summary>
    public async ValueTask<byte[]> ToBytesAsync()
    {
        var written = await DicomWriter.ToBytesAsync(Elements, Data.Uids.TransferSyntax.ExplicitVRLittleEndian);
        var start = DicomFile.PreambleLength + DicomFile.Prefix.Length;
        var bytes = new byte[start + GroupLengthSize + written.Length];
        DicomFile.Prefix.CopyTo(bytes.AsSpan(DicomFile.PreambleLength));
        ReadOnlySpan<byte> groupLength = [2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0];
        groupLength.CopyTo(bytes.AsSpan(start));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(start + groupLength.Length), (uint)written.Length);
        written.CopyTo(bytes, start + GroupLengthSize);
        return bytes;
    }

    private static DicomValue Received(DicomTag tag, string uid)
        => Uid.IsTolerable(uid) ? new DicomValue(tag, Vr.UI, Encoding.ASCII.GetBytes(uid)) : throw new ArgumentException($"{tag} is no UID", nameof(uid));

    private static string Required(DicomDataSet dataSet, DicomTag tag)
        => dataSet.GetString(tag) ?? throw new ArgumentException($"the data set has no {tag}, so it cannot be a file", nameof(dataSet));
}
