using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Tests.Network.Dimse;

public sealed class Part10HeaderTests
{
    public static TheoryData<string> Syntaxes() => [.. Samples.Native.Append(TransferSyntax.JPEG2000).Select(s => s.Uid)];

    /// <summary>PS3.7 §9.1.1.1: what is said about an object is what stands in it; meta information that was not kept up to date does not count.</summary>
    [Theory]
    [MemberData(nameof(Syntaxes))]
    public async Task Uids_AreThoseOfTheDataSet(string uid)
    {
        var syntax = TransferSyntax.Of(uid);
        var dataSet = syntax.IsEncapsulated ? Samples.Encapsulated() : Samples.Everything();
        var file = await FileAsync(dataSet, syntax);
        var (header, offset) = await ReadAsync(file);
        Assert.Equal(new Part10Header(Uid.CTImageStorage, dataSet.GetString(DicomTag.SOPInstanceUID)!, syntax), header);

        var instance = await SopInstance.ReadAsync(new MemoryStream(file));
        using var sent = new MemoryStream();
        await instance.WriteAsync(sent, syntax, CancellationToken.None);
        Assert.Equal(file[(int)offset..], sent.ToArray());
    }

    [Fact]
    public async Task Uids_MissingInTheDataSet_AreThoseOfTheMetaInformation()
    {
        var (header, _) =
            await ReadAsync(await FileAsync(new DicomDataSetBuilder().Set(DicomTag.PatientID, "P").Build(), TransferSyntax.DeflatedExplicitVRLittleEndian));
        Assert.Equal((Uid.MRImageStorage, "9.9"), (header.SopClassUid, header.SopInstanceUid));
    }

    [Fact]
    public async Task Uids_MissingEverywhere_AreAnError()
        => await Assert.ThrowsAsync<DicomFormatException>(
            async () => await ReadAsync(Samples.Part10(TransferSyntax.ExplicitVRLittleEndian.Uid, Samples.Element(0x00100020, "LO", "P1"u8))));

    private static async Task<byte[]> FileAsync(DicomDataSet dataSet, TransferSyntax syntax)
        => [.. await FileMetaInformation.Create(Uid.MRImageStorage, "9.9", syntax).ToBytesAsync(), .. await DicomWriter.ToBytesAsync(dataSet, syntax)];

    private static async Task<(Part10Header Header, long Offset)> ReadAsync(byte[] file)
    {
        using var source = new StreamSource(new MemoryStream(file));
        return await Part10Header.ReadAsync(source, CancellationToken.None);
    }
}
