using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Adapters.Http;

/// <summary>HTTP/1.1 and HTTP/2 from clients, on Kestrel.</summary>
public sealed class HttpAdapter(TimeProvider clock) : IProtocolAdapter
{
    /// <inheritdoc/>
    public string Protocol => "http";

    /// <inheritdoc/>
    public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var paths = new BuildEnvironment(snapshot.Config, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, clock);
        foreach (var network in snapshot.Networks)
        {
            if (network.ServesHttp && network.Section.TcpConfig is { } tcp) yield return BindingOf(network.Name, tcp, paths);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => await HttpListener.OpenAsync((HttpBinding)binding, runtime, loggers, clock, ct);

    private static HttpBinding BindingOf(string network, TcpConfigSection tcp, BuildEnvironment paths) => new(network, tcp.BindAddress, tcp.BindPort)
    {
        CertPath = tcp.CertPath is null ? null : paths.PathOf(tcp.CertPath),
        KeyPath = tcp.KeyPath is null ? null : paths.PathOf(tcp.KeyPath),
        ForceHttps = tcp.ForceHttps && tcp.CertPath is null,
        H2c = tcp.H2c && tcp.CertPath is null,
        Origin = new ListenerOrigin(tcp.LocationOf("bind_port")),
    };
}
