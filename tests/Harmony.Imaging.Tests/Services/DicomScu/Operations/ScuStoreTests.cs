using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu.Operations;

/// <summary>Connections that break while an object is stored. To store it again is to have it once.</summary>
public sealed class ScuStoreTests
{
    private const int Header = 4096; // more than all that is sent before the first bytes of pixels

    /// <summary>A kept association that turns out dead costs no try, wherever in the object that shows.</summary>
    [Theory]
    [InlineData(0, 512)]
    [InlineData(0, 3_000_000)]
    [InlineData(Header, 512_000)]
    [InlineData(500_000, 512_000)]
    public async Task KeptAssociationIsDead_ObjectIsStoredAllTheSame(int cut, int pixels)
    {
        await using var pacs = FakePacs.Start();
        await using var relay = TcpRelay.To(pacs.Port);
        await using var gateway = await ScuGateway.StartAsync(relay.Port);
        await StoreAsync(gateway, "1.2.3.1");
        relay.CutAfter(cut);
        await StoreAsync(gateway, "1.2.3.2", pixels);
        Assert.Equal((2, 2), (relay.Connections, pacs.Objects.Count));
        Assert.Equal(pixels, PixelsOf(pacs, "1.2.3.2"));
        Assert.False(gateway.Gateway.Log.Has(3102));
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(Header, 512_000)]
    [InlineData(1_000_000, 1_000_000)]
    public async Task NewAssociationBreaks_IsTriedAgain(int cut, int pixels)
    {
        await using var pacs = FakePacs.Start();
        await using var relay = TcpRelay.To(pacs.Port);
        await using var gateway = await ScuGateway.StartAsync(relay.Port, backend: "max_retries = 2");
        relay.CutAfter(cut);
        relay.CutAfter(cut);
        await StoreAsync(gateway, "1.2.3.1", pixels);
        Assert.Equal((3, 1), (relay.Connections, pacs.Objects.Count));
        Assert.Equal(2, gateway.Gateway.Log.Lines.Count(l => l.EventId == 3102));
    }

    /// <summary>One of three parts is no object. The others are stored, and the answer says which is not.</summary>
    [Fact]
    public async Task PartOfSeveral_ThatIsNoObject_CostsTheOthersNothing()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        var (status, answer) = await gateway.AskAsync(
            "/store", ObjectContent.Related(await ObjectContent.FileAsync("1.5.1.1"), [1, 2, 3], await ObjectContent.FileAsync("1.5.1.3")));
        Assert.Equal((500, 2, 1), (status, (int)answer["stored"]!, (int)answer["failed"]!));
        Assert.Equal([true, false, true], answer["results"]!.AsArray().Select(r => (bool)r!["success"]!));
        Assert.Equal(2, pacs.Objects.Count);
    }

    [Fact]
    public async Task PartOfSeveral_IsTriedAgainByItself()
    {
        await using var pacs = FakePacs.Start();
        await using var relay = TcpRelay.To(pacs.Port);
        await using var gateway = await ScuGateway.StartAsync(relay.Port);
        await StoreAsync(gateway, "1.2.3.1");
        relay.CutAfter(Header);
        var objects = ObjectContent.Related(await ObjectContent.FileAsync("1.5.1.1"), await ObjectContent.FileAsync("1.5.1.2", pixels: 200_000),
            await ObjectContent.FileAsync("1.5.1.3"));
        var (status, answer) = await gateway.AskAsync("/store", objects);
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(4, pacs.Objects.Count);
    }

    /// <summary>What is larger than what is kept is not sent again once so much of it is gone; its sender is told to try again, and has it still.</summary>
    [Fact]
    public async Task LargeObjectBreaksOff_IsAFailureThatSaysWhy()
    {
        await using var pacs = FakePacs.Start();
        await using var relay = TcpRelay.To(pacs.Port);
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScuGateway.Toml(relay.Port, "unused", backend: "max_retries = 2")));
        await using var association = await ConnectAsync(gateway);
        relay.CutAfter(6_000_000);
        Assert.Equal(0xA701, (await StoreAsync(association, "1.2.3.1", 8_000_000)).Code);
        Assert.EndsWith("cannot be sent again", (await gateway.Log.FirstAsync(3101)).Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (relay.Connections, pacs.Objects.Count));
        Assert.Equal(0, (await StoreAsync(association, "1.2.3.1", 8_000_000)).Code);
        Assert.Equal(1, pacs.Objects.Count);
    }

    /// <summary>From a modality through the gateway: it gets its success, though what is behind has broken off.</summary>
    [Fact]
    public async Task ObjectByDimse_ChangedOnItsWay_IsStoredAllTheSame()
    {
        await using var pacs = FakePacs.Start();
        await using var relay = TcpRelay.To(pacs.Port);
        var folder = Directory.CreateTempSubdirectory("harmony-scu-");
        try
        {
            const string Rename =
                """[{ "operation": "modify-overwrite-beta", "spec": { "dataset": { "00100010": { "Value": { "[0]": { "Alphabetic": "Anonymous" } } } } } }]""";
            var toml = ScpConfig.With(ScuGateway.Toml(relay.Port, folder.FullName), middleware: "\"rename\"")
                + "\n[middleware.rename]\ntype = \"transform\"\noptions = { spec_path = \"rename.json\", input = \"data\" }\n";
            await using var gateway = await TestGateway.StartAsync(toml, new Dictionary<string, string> { ["rename.json"] = Rename });
            await using var association = await ConnectAsync(gateway);
            for (var i = 0; i < 3; i++)
            {
                if (i > 0) relay.CutAfter(Header);
                Assert.Equal(0, (await StoreAsync(association, $"1.2.3.{i}", 300_000)).Code);
            }

            Assert.Equal(3, relay.Connections);
            Assert.All(pacs.Objects.Select(QueryLevel.Image, DicomDataSet.Empty), o => Assert.Equal("Anonymous", o.Header.GetString(DicomTag.PatientName)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway) => new DicomClient().ConnectAsync(
        new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "CT1"), [ContextProposal.For(Uid.CTImageStorage)], Guard.Token);

    private static async Task<DimseStatus> StoreAsync(ClientAssociation association, string instance, int pixels)
        => (await association.StoreAsync(
            SopInstance.Of(TestObjects.Ct(instance, pixels: pixels), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status;

    private static async Task StoreAsync(ScuGateway gateway, string instance, int pixels = 512)
    {
        var (status, answer) = await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync(instance, pixels: pixels)));
        Assert.True(status == 200, answer.ToJsonString());
    }

    private static int PixelsOf(FakePacs pacs, string instance)
        => pacs.Objects.Select(QueryLevel.Image, DicomDataSet.Empty).Single(
            o => o.Header.GetString(DicomTag.SOPInstanceUID) == instance).Header.TryGet<DicomValue>(DicomTag.PixelData, out var value) ? value.Bytes.Length : 0;
}
