using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Modules.Quic;
using Harmony.Modules.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Modules.Adapters.Http;

/// <summary>HTTP/1.1, HTTP/2 and HTTP/3 from clients, on Kestrel.</summary>
public sealed class HttpAdapter(TimeProvider clock, QuicSupport quic) : IProtocolAdapter
{
    /// <inheritdoc/>
    public string Protocol => "http";

    /// <inheritdoc/>
    public void Check(string network, NetworkSection section, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(problems);
        if (section.Http3 is not { IsFaulty: false } http3 || quic.IsAvailable) return;
        problems.Obstacle(http3.Location, $"network '{network}' cannot listen on UDP port {http3.BindPort}: {QuicSupport.Missing}, or take [network.{network}.http3] out");
    }

    /// <inheritdoc/>
    public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var paths = new BuildEnvironment(snapshot.Config, NullLoggerFactory.Instance, clock);
        foreach (var network in snapshot.Networks)
        {
            if (!network.ServesHttp) continue;
            var limits = HttpLimits.Of(network.Section.Limits);
            if (network.Section.TcpConfig is { } tcp) yield return BindingOf(network.Name, tcp, limits, paths);
            if (network.Section.Http3 is { } http3) yield return BindingOf(network.Name, http3, limits, paths);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => await HttpListener.OpenAsync((HttpBinding)binding, runtime, loggers, clock, ct);

    private static HttpBinding BindingOf(string network, TcpConfigSection tcp, HttpLimits limits, BuildEnvironment paths) => new(network, tcp.BindAddress, tcp.BindPort)
    {
        Tls = TlsSettings.Of(tcp, paths),
        ForceHttps = tcp.ForceHttps && !tcp.HasTls,
        H2c = tcp.H2c && !tcp.HasTls,
        Limits = limits,
        Origin = new ListenerOrigin(tcp.LocationOf("bind_port")),
    };

    private static HttpBinding BindingOf(string network, Http3Section http3, HttpLimits limits, BuildEnvironment paths) => new(network, http3.BindAddress, http3.BindPort)
    {
        Tls = TlsSettings.Of(http3, paths),
        IsHttp3 = true,
        Limits = limits,
        Origin = new ListenerOrigin(http3.LocationOf("bind_port")),
    };
}
