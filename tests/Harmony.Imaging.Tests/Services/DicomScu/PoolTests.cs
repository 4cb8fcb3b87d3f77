using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

public sealed class PoolTests
{
    [Fact]
    public async Task Requests_OneAfterAnother_ShareAnAssociation()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await gateway.AskAsync("/echo")).Status);
            await gateway.Gateway.SettledAsync(); // the association is free when the request has ended
            Assert.Equal(200, (await gateway.AskAsync("/find")).Status);
            await gateway.Gateway.SettledAsync();
        }

        Assert.Equal(1, pacs.Accepted);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await gateway.AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync($"1.5.1.{i + 1}")))).Status);
            await gateway.Gateway.SettledAsync();
        }

        Assert.Equal(2, pacs.Accepted);
    }

    [Fact]
    public async Task Cap_IsKept_WhoNeedsAnotherWaits()
    {
        var gate = new TaskCompletionSource();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gate = gate.Task });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, "max_associations = 2");
        var asking = Enumerable.Range(0, 6).Select(_ => gateway.AskAsync("/find")).ToList();
        await Guard.UntilAsync(() => pacs.Identifiers.Count >= 2);
        Assert.Equal(2, pacs.Accepted);
        gate.SetResult();
        Assert.All(await Task.WhenAll(asking), a => Assert.Equal(200, a.Status));
        Assert.Equal(2, pacs.Accepted);
    }

    [Fact]
    public async Task Idle_None_EndsEachAssociation()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, "association_idle_secs = 0");
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await gateway.AskAsync("/echo")).Status);
        Assert.Equal(3, pacs.Accepted);
    }

    [Fact]
    public async Task Reload_Unchanged_KeepsAssociations()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);
        await gateway.AskAsync("/echo");
        await gateway.Gateway.SettledAsync();
        await gateway.Gateway.ReloadAsync(BackendConfig.With(ScuGateway.Toml(pacs.Port, gateway.Folder)) + "\n# changed\n");
        await gateway.AskAsync("/echo");
        Assert.Equal(1, pacs.Accepted);
        await gateway.Gateway.ReloadAsync(BackendConfig.With(ScuGateway.Toml(pacs.Port, gateway.Folder, "local_aet = \"OTHER\"")));
        await gateway.AskAsync("/echo");
        Assert.Equal(2, pacs.Accepted);
    }

    /// <summary>An association that ended while nobody used it costs no request.</summary>
    [Fact]
    public async Task Peer_Restarted_IsAskedOnANewAssociation()
    {
        var port = FreePort.Take();
        await using var gateway = await ScuGateway.StartAsync(port);
        for (var i = 0; i < 3; i++)
        {
            await using var pacs = FakePacs.Start(new FakePacsSettings { Port = port });
            Assert.Equal(200, (await gateway.AskAsync("/echo")).Status);
        }
    }
}
