using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Http.Quic;
using Harmony.Http.Tls;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>HTTP/1.1, HTTP/2 and HTTP/3 from clients, on Kestrel.</summary>
public sealed class HttpAdapter(TimeProvider clock, QuicSupport quic) : IProtocolAdapter
{
    /// <inheritdoc/>
    public string Protocol => "http";

    /// <summary>Where else networks can be reached.</summary>
    internal AlternativeServices Alternatives { get; } = new();

    /// <inheritdoc/>
    public void Check(string network, NetworkSection section, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(problems);
        if (section.Http3 is not { IsFaulty: false } http3 || quic.IsAvailable) return;
        problems.Obstacle(http3.Location, $"network '{network}' cannot listen on UDP port {http3.BindPort}: {QuicSupport.Missing}, or take [network.{network}.http3] out");
    }

    /// <inheritdoc/>
    public void Check(GatewaySnapshot snapshot, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var network in snapshot.Networks.Where(n => n.ServesHttp))
        {
            if (network.Section.TcpConfig is { } tcp && !tcp.Gives("bind_address")) EveryInterface.Warn($"network '{network.Name}'", "bind_address", tcp.Location, problems);
            if (network.Section.Http3 is { } http3 && !http3.Gives("bind_address")) EveryInterface.Warn($"network '{network.Name}'", "bind_address", http3.Location, problems);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var network in snapshot.Networks)
        {
            if (!network.ServesHttp) continue;
            var limits = HttpLimits.Of(network.Section.Limits);
            if (network.Section.TcpConfig is { } tcp) yield return BindingOf(network.Name, tcp, limits, snapshot.Config);
            if (network.Section.Http3 is { } http3) yield return BindingOf(network.Name, http3, limits, snapshot.Config);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => await HttpListener.OpenAsync((HttpBinding)binding, runtime, loggers, clock, Alternatives, ct);

    private static HttpBinding BindingOf(string network, TcpConfigSection tcp, HttpLimits limits, ConfigSet config) => new(network, tcp.BindAddress, tcp.BindPort)
    {
        Tls = TlsSettings.Of(tcp, config),
        ForceHttps = tcp.ForceHttps && !tcp.HasTls,
        H2c = tcp.H2c && !tcp.HasTls,
        Limits = limits,
        Origin = new ListenerOrigin(tcp.LocationOf("bind_port")),
    };

    private static HttpBinding BindingOf(string network, Http3Section http3, HttpLimits limits, ConfigSet config) => new(network, http3.BindAddress, http3.BindPort)
    {
        Tls = TlsSettings.Of(http3, config),
        IsHttp3 = true,
        Limits = limits,
        Origin = new ListenerOrigin(http3.LocationOf("bind_port")),
    };
}
