using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Packages.Tests.JmixBuilder;

/// <summary>The package of a gathered study goes on to the backend, however often that is asked for it and whatever happens in between.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Study_GoesOnAsAPackageToAServerOfPackages()
    {
        await using var server = await JmixGateway.StartAsync();
        await using var gateway =
            await StartAsync($"[backends.b]\nservice = \"jmix_backend\"\noptions.base_url = \"{server.Gateway.Url}\"\noptions.path_prefix = \"/x\"");
        await StoreAsync(gateway, "1.2.3.1.1", "1.2.3.1.2");
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3306));

        await File.WriteAllBytesAsync(_folder.PathOf("got.zip"), await server.Client.GetByteArrayAsync("/x/api/jmix?studyInstanceUid=1.2.3.1"));
        using var reader = await JmixReader.OpenAsync(_folder.PathOf("got.zip"), new JmixReadOptions { Clock = _clock }, default);
        Assert.Equal((true, 2), (reader.Report.IsValid, reader.Report.DicomFiles));
        Assert.Equal(0, server.Pacs.Gets);
        Assert.Empty(Notes());
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Backend_ThatIsAwayForAWhile_IsAskedAgain(int status)
    {
        var asked = 0;
        var backend = new ScriptedBackend((request, _) => new(new ResponseEnvelope(request, ++asked < 4 ? status : 201)));
        await using var gateway = await StartAsync(ScriptedBackend.Toml, backend);
        await StoreAsync(gateway, "1.2.3.1.1");
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3306));
        Assert.Equal(4, asked);
        Assert.Empty(Notes());
    }

    [Fact]
    public async Task Restart_DeliversWhatWasLeft()
    {
        await using (var gateway = await StartAsync(ScriptedBackend.Toml, new ScriptedBackend((request, _) => new(new ResponseEnvelope(request, 502)))))
        {
            await StoreAsync(gateway, "1.2.3.1.1");
            await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3307));
        }

        Assert.Single(Notes());
        var delivered = new TaskCompletionSource<(string, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var second = await StartAsync(ScriptedBackend.Toml, new ScriptedBackend((request, _) =>
        {
            delivered.TrySetResult((request.Method, request.Metadata["jmix_study_uid"]));
            return new(new ResponseEnvelope(request, 200));
        }));
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), second.Log.FirstAsync(3306));
        Assert.Equal(("POST", "1.2.3.1"), await delivered.Task.Guarded());
        Assert.Empty(Notes());
    }

    [Fact]
    public async Task Backend_ThatRefuses_IsNotAskedAgainAndThePackageStays()
    {
        await using var gateway = await StartAsync(ScriptedBackend.Toml, new ScriptedBackend((request, _) => new(new ResponseEnvelope(request, 422))));
        await StoreAsync(gateway, "1.2.3.1.1");
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3308));
        Assert.EndsWith(".refused", Assert.Single(Notes()), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_folder.PathOf("store/packages"), "*.zip", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Delivery_TurnedOff_AsksNobody()
    {
        await using var gateway =
            await StartAsync(ScriptedBackend.Toml, new ScriptedBackend((_, _) => throw new InvalidOperationException("asked")), "deliver = false");
        await StoreAsync(gateway, "1.2.3.1.1");
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3302));
        Assert.Empty(Notes());
    }

    /// <summary>The hours of quiet never come: the end of the association is the sign.</summary>
    [Fact]
    public async Task AssociationEnd_IsTheEndOfTheStudy()
    {
        await using var gateway = await StartAsync(ScriptedBackend.Toml, new ScriptedBackend((request, _) => new(new ResponseEnvelope(request, 201))),
            "build_at = \"association_end\"\nquiet_secs = 86400");
        await using (var association = await ConnectAsync(gateway))
        {
            await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.1.1"), TransferSyntax.ExplicitVRLittleEndian));
            for (var i = 0; i < 20; i++) _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(gateway.Log.Has(3302));
            await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.1.2"), TransferSyntax.ExplicitVRLittleEndian));
        }

        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), gateway.Log.FirstAsync(3306));
        Assert.Contains(gateway.Log.Lines, l => l.EventId == 3302 && l.Message.Contains(": 2 objects", StringComparison.Ordinal));
    }

    private string[] Notes() => Directory.Exists(_folder.PathOf("store/deliver")) ? Directory.GetFiles(_folder.PathOf("store/deliver")) : [];

    private Task<TestGateway> StartAsync(string backend, ScriptedBackend? extra = null, string options = "quiet_secs = 20") => TestGateway.StartAsync(ScpConfig.With($"""
        {backend}
        [middleware.builder]
        type = "jmix_builder"
        [middleware.builder.options]
        store_dir = "{_folder.PathOf("store")}"
        {options}
        """, middleware: "\"builder\""), clock: _clock, extra: extra);

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway)
        => new DicomClient()
            .ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST"), [ContextProposal.For(Uid.CTImageStorage)]);

    private static async Task StoreAsync(TestGateway gateway, params string[] instances)
    {
        await using var association = await ConnectAsync(gateway);
        foreach (var uid in instances)
            Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct(uid), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
    }
}
