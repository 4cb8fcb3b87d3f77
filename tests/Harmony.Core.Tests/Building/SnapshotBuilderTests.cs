using System.Text;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Core.Tests.Building;

/// <summary>What the golden files do not show: who owns what was built.</summary>
public sealed class SnapshotBuilderTests : IDisposable
{
    private const string Config = """
        [proxy]
        name = "case"
        [network.main.http]
        bind_port = 8080
        [pipelines.a]
        networks = ["main"]
        path = "/a"
        backends = ["owned"]
        [pipelines.b]
        networks = ["main"]
        path = "/b"
        backends = ["owned"]
        [backends.owned]
        service = "owned"
        """;

    private readonly TestFolder _folder = new();
    private readonly List<OwnedBackend> _built = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_BackendOfTwoPipelines_IsBuiltOnceActivatedOnceDisposedOnce()
    {
        var snapshot = await BuildAsync(Config);
        var backend = Assert.Single(_built);
        Assert.Equal(0, backend.Activations);
        snapshot!.Activate();
        await snapshot.CloseAsync();
        await snapshot.DisposeAsync();
        Assert.Equal((1, 1), (backend.Activations, backend.Disposals));
    }

    [Fact]
    public async Task Build_ErrorElsewhere_DisposesWhatWasBuilt()
    {
        Assert.Null(await BuildAsync(Config + "\n[pipelines.c]\nnetworks = ['main']\npath = '/c'\nbackends = ['gone']"));
        Assert.Equal((0, 1), (_built.Single().Activations, _built.Single().Disposals));
    }

    [Fact]
    public async Task Build_Snapshot_FindsItsNetworks()
    {
        await using var snapshot = await BuildAsync(Config);
        Assert.Equal("main", snapshot!.Network("main")!.Name);
        Assert.Null(snapshot.Network("other"));
    }

    private async Task<Core.Runtime.GatewaySnapshot?> BuildAsync(string config)
    {
        var path = _folder.PathOf("config.toml");
        await File.WriteAllTextAsync(path, config, Encoding.UTF8);
        var registry = new ModuleRegistryBuilder()
            .Add(new ServiceModule("http", "") { Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<CaseEndpointOptions>(CaseEndpoint.Create) })
            .Add(new ServiceModule("owned", "") { Backend = ModuleFactory<BackendContext, IBackend>.From<NoOptions>((_, _) => Keep(new OwnedBackend())) })
            .Build();
        var problems = new ConfigProblems();
        var set = new ConfigLoader(problems, _ => null).Load(path);
        return await new SnapshotBuilder(registry, NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(set, problems);
    }

    private OwnedBackend Keep(OwnedBackend backend)
    {
        _built.Add(backend);
        return backend;
    }

    private sealed class OwnedBackend : IBackend, IDisposable
    {
        public int Activations { get; private set; }

        public int Disposals { get; private set; }

        public void Activate() => Activations++;

        public void Dispose() => Disposals++;

        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => new(new ResponseEnvelope(request, 200));
    }
}
