using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>Objects by C-STORE become one package for each study when no more have come for a while.</summary>
public sealed class GatheredStudyTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestTimeProvider _clock = new();

    private string Package => Directory.EnumerateFiles(_folder.PathOf("store/packages"), "*.zip", SearchOption.AllDirectories).Single();

    [Fact]
    public async Task Study_ThatIsQuiet_BecomesAPackage()
    {
        await using (var gateway = await StartAsync())
        {
            Assert.Equal([true, true], await StoreAsync(gateway, "1.2.3.1.1", "1.2.3.1.2"));
            Assert.False(gateway.Log.Has(3302));
            await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), gateway.Log.FirstAsync(3302));
        }

        using var reader = await JmixReader.OpenAsync(Package, new JmixReadOptions { Clock = _clock }, default);
        Assert.Empty(reader.Report.Findings);
        Assert.Equal(("1.2.3.1", 2), (reader.Report.StudyInstanceUid, reader.Report.DicomFiles));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("store/gathered")));
    }

    [Fact]
    public async Task Restart_BuildsWhatWasLeft()
    {
        await using (var gateway = await StartAsync()) await StoreAsync(gateway, "1.2.3.1.1");
        Assert.Single(Directory.EnumerateFiles(_folder.PathOf("store/gathered/1.2.3.1")));

        await using (var second = await StartAsync()) await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), second.Log.FirstAsync(3302));

        using var reader = await JmixReader.OpenAsync(Package, new JmixReadOptions { Clock = _clock }, default);
        Assert.Equal(1, reader.Report.DicomFiles);
    }

    /// <summary>They would be the folder of all studies, or the one around it.</summary>
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Study_WhoseUidIsAFolder_IsRefused(string uid)
    {
        await using var gateway = await StartAsync();
        await StoreAsync(gateway, "1.2.3.1.1");
        var mislabelled = TestObjects.Ct("1.2.3.1.2").ToBuilder();
        mislabelled.Set(new DicomValue(DicomTag.StudyInstanceUID, Vr.UI, Encoding.ASCII.GetBytes(uid.PadRight(2, '\0'))));

        Assert.False(await StoreAsync(gateway, mislabelled.Build()));

        var gathered = _folder.PathOf("store/gathered");
        var file = Assert.Single(Directory.EnumerateFiles(gathered, "*", SearchOption.AllDirectories));
        Assert.Equal("1.2.3.1/1.2.3.1.1.dcm", Path.GetRelativePath(gathered, file));
    }

    [Fact]
    public async Task StudyThatCannotBeBuilt_StaysAndHoldsUpNoOther()
    {
        _folder.Write("store/gathered/1.1/x.dcm", "no DICOM");
        await using var gateway = await StartAsync();
        await StoreAsync(gateway, "1.2.3.1.1");

        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), gateway.Log.FirstAsync(3302));

        await gateway.Log.FirstAsync(3303);
        Assert.True(File.Exists(_folder.PathOf("store/gathered/1.1/x.dcm")));
    }

    public void Dispose() => _folder.Dispose();

    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(ScpConfig.With($"""
        [backends.b]
        service = "echo"
        [middleware.builder]
        type = "jmix_builder"
        [middleware.builder.options]
        store_dir = "{_folder.PathOf("store")}"
        quiet_secs = 20
        """, middleware: "\"builder\""), clock: _clock);

    private static async Task<List<bool>> StoreAsync(TestGateway gateway, params string[] instances)
    {
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST"), [ContextProposal.For(Uid.CTImageStorage)]);
        var stored = new List<bool>();
        foreach (var uid in instances)
        {
            var response = await association.StoreAsync(SopInstance.Of(TestObjects.Ct(uid), TransferSyntax.ExplicitVRLittleEndian));
            stored.Add(response.Status.IsSuccess);
        }

        return stored;
    }

    private static async Task<bool> StoreAsync(TestGateway gateway, DicomDataSet instance)
    {
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST"), [ContextProposal.For(Uid.CTImageStorage)]);
        return (await association.StoreAsync(SopInstance.Of(instance, TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess;
    }
}
