using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>Many associations at the same time, each storing to the same disk.</summary>
public sealed class ParallelStoreTests : IDisposable
{
    private const int Associations = 50;
    private const int OfDcmtk = Associations / 2;
    private const int ObjectsOfEach = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Half of them are <c>storescu</c>. All are open before the first stores anything; what arrives is what was sent, byte for byte.</summary>
    [DcmtkFact]
    public async Task Store_FiftyAssociationsAtOnce_AllObjectsArriveAsTheyAre()
    {
        var (sent, root) = (Directory.CreateDirectory(Path.Combine(_folder, "sent")).FullName, Path.Combine(_folder, "archive"));
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScpConfig.Storage(root), "max_associations = 60"), quiet: true);
        for (var i = 0; i < Associations * ObjectsOfEach; i++)
            await TestObjects.WriteAsync(sent, $"1.2.3.{i / ObjectsOfEach}.{i % ObjectsOfEach}", pixels: 30_000 + (i * 500));
        var open =
            await Task.WhenAll(Enumerable.Range(OfDcmtk, Associations - OfDcmtk).Select(async i => (Number: i, Association: await ConnectAsync(gateway))));
        await Task.WhenAll([
            .. Enumerable.Range(0, OfDcmtk).Select(async i => (await DcmtkPeer.RunAsync(
                "storescu", ["-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString(), .. FilesOf(i)])).Succeeded()),
            .. open.Select(o => StoreAsync(o.Association, FilesOf(o.Number))),
        ]);

        var stored = Directory.GetFiles(root, "*.dcm");
        Assert.Equal(Associations * ObjectsOfEach, stored.Length);
        foreach (var file in stored) Assert.Equal(await DataSetOfAsync(Path.Combine(sent, Path.GetFileName(file))), await DataSetOfAsync(file));

        string[] FilesOf(int number) => [.. Enumerable.Range(0, ObjectsOfEach).Select(n => Path.Combine(sent, $"1.2.3.{number}.{n}.dcm"))];
    }

    private static async Task StoreAsync(ClientAssociation association, string[] files)
    {
        foreach (var file in files) Assert.True((await association.StoreAsync(await SopInstance.OpenAsync(file))).Status.IsSuccess);
        await association.ReleaseAsync();
        await association.DisposeAsync();
    }

    private static async Task<byte[]> DataSetOfAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        return bytes[(int)DicomFile.Read(bytes).DataSetAt..];
    }

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway) => new DicomClient().ConnectAsync(
        new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "MODALITY"),
        [new ContextProposal(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian])]);
}
