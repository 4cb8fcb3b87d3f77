using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>A service whose backend and listener fail where a test wants it: protocol and service <c>faulty</c>.</summary>
internal sealed class FaultyParts : IModulePack, IProtocolAdapter
{
    public string Protocol => "faulty";

    /// <summary>Runs when a backend begins its work between requests.</summary>
    public Action<string> OnActivate { get; set; } = _ => { };

    /// <summary>Runs when a backend ends its work between requests.</summary>
    public Action<string> OnDeactivate { get; set; } = _ => { };

    /// <summary>Runs when a backend is disposed.</summary>
    public Action<string> OnDispose { get; set; } = _ => { };

    /// <summary>Runs when a listener is to close.</summary>
    public Action OnStop { get; set; } = () => { };

    /// <summary>Listeners that were disposed.</summary>
    public int Closed { get; private set; }

    public void AddTo(ModuleRegistryBuilder modules) => modules
        .Add(this)
        .Add(new ServiceModule("faulty", "Fails where a test wants it.")
        {
            Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<FaultyOptions>((_, _) => new FaultyEndpoint()),
            Backend = ModuleFactory<BackendContext, IBackend>.From<FaultyOptions>((options, _) => new FaultyBackend(this, options.Name)),
        });

    public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot)
        => snapshot.Networks.Where(n => n.Endpoints.Any(e => e.Endpoint.Protocol == Protocol))
            .Select(n => new FaultyBinding(n.Name, n.Section.TcpConfig!.BindPort));

    public ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => new(new FaultyListener(this, binding));

    internal sealed record FaultyOptions : ConfigNode
    {
        public string Name { get; init; } = "";
    }

    private sealed record FaultyBinding(string Network, int Port) : ListenerBinding("faulty", Network, "127.0.0.1", Port)
    {
        public override string Url => $"faulty://127.0.0.1:{Port}";
    }

    private sealed class FaultyEndpoint : IEndpoint
    {
        public string Protocol => "faulty";

        public IReadOnlyList<EndpointRoute> Routes => [];
    }

    private sealed class FaultyBackend(FaultyParts parts, string name) : IBackend, IDisposable
    {
        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => new(new ResponseEnvelope(request, 200));

        public void Activate() => parts.OnActivate(name);

        public void Deactivate() => parts.OnDeactivate(name);

        public void Dispose() => parts.OnDispose(name);
    }

    private sealed class FaultyListener(FaultyParts parts, ListenerBinding binding) : IListener
    {
        public ListenerBinding Binding => binding;

        public IReadOnlyList<IPEndPoint> Endpoints => [];

        public Task StopAsync(CancellationToken deadline)
        {
            parts.OnStop();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            parts.Closed++;
            return ValueTask.CompletedTask;
        }
    }
}
