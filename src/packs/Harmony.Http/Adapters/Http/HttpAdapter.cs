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
        problems.Obstacle(http3.Location,
            $"network '{network}' cannot listen on UDP port {http3.BindPort}: {QuicSupport.Missing}, or take [network.{network}.http3] out");
    }

    /// <inheritdoc/>
    public void Check(GatewaySnapshot snapshot, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var network in snapshot.Networks.Where(n => n.ServesHttp))
        {
            if (network.Section.TcpConfig is { } tcp && !tcp.Gives("bind_address"))
                EveryInterface.Warn($"network '{network.Name}'", "bind_address", tcp.Location, problems);
            if (network.Section.Http3 is { } http3 && !http3.Gives("bind_address"))
                EveryInterface.Warn($"network '{network.Name}'", "bind_address", http3.Location, problems);
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
            if (network is { StaysClosed: false, Section.TcpConfig: { } tcp }) yield return BindingOf(network.Name, tcp, limits, snapshot.Config);
            if (network.Section.Http3 is { } http3) yield return BindingOf(network.Name, http3, limits, snapshot.Config);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => await HttpListener.OpenAsync((HttpBinding)binding, runtime, loggers, clock, Alternatives, ct);

    private static HttpBinding BindingOf(string network, TcpConfigSection tcp, HttpLimits limits, ConfigSet config)
        => new(network, tcp.BindAddress, tcp.BindPort)
        {
            Tls = TlsSettings.Of(tcp, config),
            ForceHttps = tcp.ForceHttps && !tcp.HasTls,
            H2c = tcp.H2c && !tcp.HasTls,
            Limits = limits,
            Origin = new ListenerOrigin(tcp.LocationOf("bind_port")),
        };

    private static HttpBinding BindingOf(string network, Http3Section http3, HttpLimits limits, ConfigSet config)
        => new(network, http3.BindAddress, http3.BindPort)
        {
            Tls = TlsSettings.Of(http3, config),
            IsHttp3 = true,
            Limits = limits,
            Origin = new ListenerOrigin(http3.LocationOf("bind_port")),
        };
}

/// <summary>Log messages of the HTTP adapter, ids 2000 to 2099, target <c>harmony.http</c>. Paths are left out: they hold patients' ids.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "{Method} through pipeline '{Pipeline}': status {Status} in {ElapsedMs} ms")]
    public static partial void Answered(ILogger logger, string method, string pipeline, int status, double elapsedMs);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "{Method} on network '{Network}' refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string network, int status, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Debug, Message = "client closed the connection during {Method} through pipeline '{Pipeline}'")]
    public static partial void ClientGone(ILogger logger, string method, string pipeline);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "{Method} through pipeline '{Pipeline}': status {Status}: {Fault}: {Reason}")]
    public static partial void ClientFault(ILogger logger, string method, string pipeline, int status, string fault, string reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "{Method} through pipeline '{Pipeline}': status {Status}: {Fault}: {Reason}")]
    public static partial void Fault(ILogger logger, string method, string pipeline, int status, string fault, string reason, Exception cause);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "{Method} through pipeline '{Pipeline}' broke off in the middle of the response: "
        + "{Reason}")]
    public static partial void BrokenOff(ILogger logger, string method, string pipeline, string reason, Exception cause);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Warning,
        Message = "{Method} refused with 508: the requests of pipeline '{Pipeline}' come back to network '{Network}'; check where the URL of its backend "
            + "leads")]
    public static partial void Loop(ILogger logger, string method, string pipeline, string network);

    [LoggerMessage(EventId = 2009, Level = LogLevel.Information,
        Message = "the web server on network '{Network}' refused an invalid request head with {Status}: {Reason}")]
    public static partial void Rejected(ILogger logger, string network, int status, string reason);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error,
        Message = "{Method} through pipeline '{Pipeline}' failed with an unexpected error; please report it")]
    public static partial void Unforeseen(ILogger logger, string method, string pipeline, Exception cause);
}
