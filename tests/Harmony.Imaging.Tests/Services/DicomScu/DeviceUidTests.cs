using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>UIDs against the rules, as devices send them: no image is lost for them, and no file gets a name that leads astray.</summary>
public sealed class DeviceUidTests : IDisposable
{
    private const string Long = "1.2.840.113619.2.1.123456789012345678901234567890.123456789012345678901234567890";

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkTheory]
    [InlineData("1.2.03.4", "1.2.03.4")]
    [InlineData("1.2..4", "1.2..4")]
    [InlineData("1.2.3.", "1.2.3.")]
    [InlineData("1.2.3 ", "1.2.3")]
    [InlineData(" 1.2.3", "1.2.3")]
    [InlineData("1.2.3\0\0", "1.2.3")]
    public async Task Storescu_ToStorage_IsStored(string uid, string name)
    {
        var sent = Path.Combine(_folder, "sent.dcm");
        await DicomFile.Create(Of("1.2.3"), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(sent);
        await ReplaceAsync(sent, uid);
        var root = Path.Combine(_folder, "archive");
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(root)));
        (await DcmtkPeer.RunAsync("storescu", "-aec", "HARMONY_SCP", "127.0.0.1", $"{gateway.DicomAddress.Port}", sent)).Succeeded();
        var stored = Assert.Single(Directory.GetFiles(root));
        Assert.Equal($"{name}.dcm", Path.GetFileName(stored));
        var file = await DicomFile.OpenAsync(stored);
        Assert.Equal((name, name), (file.Meta.MediaStorageSopInstanceUid, file.DataSet.GetString(DicomTag.SOPInstanceUID)));
    }

    [Theory]
    [InlineData("1.2.03.4", 0x0000)]
    [InlineData("1.2..4", 0x0000)]
    [InlineData(Long, 0x0000)]
    [InlineData("../../etc/passwd", 0x0117)]
    [InlineData("1.2.3;rm", 0x0117)]
    [InlineData("..", 0x0117)]
    public async Task Dimse_ToAnotherSystem_IsPassedOn(string uid, int status)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScuGateway.Toml(pacs.Port, _folder)));
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "CT1"), [ContextProposal.For(Uid.CTImageStorage)], Guard.Token);
        Assert.Equal(status, (await association.StoreAsync(SopInstance.Of(Of(uid), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status.Code);
        Assert.Equal(status == 0
            ? [uid]
            : [], pacs.Objects.Select(QueryLevel.Image, DicomDataSet.Empty).Select(o => o.Header.GetString(DicomTag.SOPInstanceUID)));
    }

    [Theory]
    [InlineData("get", "1.2.03.4")]
    [InlineData("move", "1.2..4")]
    public async Task Retrieved_HasItsName(string operation, string uid)
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.Start(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        pacs.Add("PAT1", "1.2.00", "1.2.00.1", uid);
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        var (status, answer) = await gateway.AskAsync($"/{operation}", """{"StudyInstanceUID":{"Value":["1.2.00"]}}""");
        Assert.True(status == 200, answer.ToJsonString());
        Assert.True(File.Exists(Path.Combine(answer["folder_path"]!.ToString(), $"{uid}.dcm")));
    }

    private static DicomDataSet Of(string uid)
        => TestObjects.Ct("1.2.3").ToBuilder().Set(new DicomValue(DicomTag.SOPInstanceUID, Vr.UI, Encoding.ASCII.GetBytes(uid))).Build();

    /// <summary>Changes a file as no library would write it, in the data set and before.</summary>
    private static async Task ReplaceAsync(string path, string uid)
    {
        var padded = uid.Length % 2 == 0 ? uid : uid + "\0";
        byte[] Element(byte group, byte element, string value) => [group, 0, element, 0, .. "UI"u8, (byte)value.Length, 0, .. Encoding.ASCII.GetBytes(value)];
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var (group, element) in new (byte, byte)[] { (2, 3), (8, 0x18) })
        {
            var (old, changed) = (Element(group, element, "1.2.3\0"), Element(group, element, padded));
            var at = bytes.AsSpan().IndexOf(old);
            bytes = [.. bytes[..at], .. changed, .. bytes[(at + old.Length)..]];
        }

        bytes[140] += (byte)(padded.Length - 6); // (0002,0000), the length of the group
        await File.WriteAllBytesAsync(path, bytes);
    }
}
