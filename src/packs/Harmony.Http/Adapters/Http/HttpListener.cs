using System.Net;
using System.Net.Security;
using System.Text;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Http.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// One Kestrel server for one network, so that networks open, close and drain by themselves. Requests go straight to
/// <see cref="HttpRequestHandler"/>: ASP.NET's middleware and hosting layers are not in the way.
/// </summary>
internal sealed class HttpListener : IListener
{
    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly RenewingCertificates? _certificates;
    private readonly AlternativeServices _alternatives;

    /// <summary>
    /// A bare line feed ends a line for some servers and not for others (RFC 9112 §2.2 leaves it open): that is how requests are smuggled.
    /// Kestrel has no option for it but a switch of the process, read when a server is made.
    /// </summary>
    static HttpListener() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

    private HttpListener(HttpBinding binding, WebApplication host, IServer server, RenewingCertificates? certificates, AlternativeServices alternatives)
    {
        _certificates = certificates;
        _alternatives = alternatives;
        Binding = binding;
        _host = host;
        _server = server;
    }

    public ListenerBinding Binding { get; }

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    private int Port => Endpoints is [var first, ..] ? first.Port : Binding.Port;

    /// <exception cref="IOException">The address cannot be bound, or a certificate not be used.</exception>
    public static async ValueTask<IListener> OpenAsync(
        HttpBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, TimeProvider clock, AlternativeServices alternatives, CancellationToken ct)
    {
        var certificates = binding.Tls is { } tls
            ? RenewingCertificates.Open(tls, ProtocolsOf(binding), binding.Network, clock, loggers.CreateLogger("harmony.tls"))
            : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new KestrelLoggers(loggers));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, binding, certificates));
        ListenerTransport.AddTo(builder.Services);
        RejectedRequests.AddTo(builder.Services, binding.Network, loggers.CreateLogger("harmony.http"));
        if (binding.IsHttp3) builder.WebHost.UseQuic();
        var host = builder.Build();
        var server = host.Services.GetRequiredService<IServer>();
        try
        {
            await server.StartAsync(new HttpRequestHandler(binding, runtime, loggers, clock, alternatives.Of(binding.Network)), ct);
        }
        catch
        {
            await host.DisposeAsync();
            certificates?.Dispose();
            throw;
        }

        var listener = new HttpListener(binding, host, server, certificates, alternatives) { Endpoints = Addresses(server) };
        if (binding.IsHttp3) alternatives.Opened(binding.Network, listener.Port);
        return listener;
    }

    public Task StopAsync(CancellationToken deadline)
    {
        if (Binding is HttpBinding { IsHttp3: true }) _alternatives.Closing(Binding.Network, Port);
        return _server.StopAsync(deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _certificates?.Dispose();
    }

    private static void Configure(KestrelServerOptions options, HttpBinding binding, RenewingCertificates? certificates)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        // Of a target in absolute-form the Host field is ignored (RFC 9112 §3.2.2); Kestrel would refuse one that differs.
        options.AllowHostHeaderOverride = true;
        binding.Limits.ApplyTo(options.Limits);
        // Field values are octets to a gateway: Latin-1 keeps each of them (RFC 9110 §5.5, obs-text).
        options.RequestHeaderEncodingSelector = StrictFieldText.For;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        if (binding.Address == "localhost") options.ListenLocalhost(binding.Port, listen => Configure(listen, binding, certificates));
        else options.Listen(IPAddress.Parse(binding.Address), binding.Port, listen => Configure(listen, binding, certificates));
    }

    private static void Configure(ListenOptions listen, HttpBinding binding, RenewingCertificates? certificates)
    {
        listen.Protocols = binding switch
        {
            { IsHttp3: true } => HttpProtocols.Http3,
            { Tls: not null } => HttpProtocols.Http1AndHttp2,
            { H2c: true } => HttpProtocols.Http2,
            _ => HttpProtocols.Http1, // without TLS there is nothing to negotiate HTTP/2 by
        };
        if (!binding.IsHttp3) ClientConnection.Use(listen, isPlain: certificates is null);
        if (certificates is not null) UseTls(listen, binding, certificates);
        if (!binding.IsHttp3) WholeRequestReader.Use(listen);
    }

    private static void UseTls(ListenOptions listen, HttpBinding binding, RenewingCertificates certificates)
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = connection => ValueTask.FromResult(certificates.Current.For(connection.ClientHelloInfo.ServerName)),
            HandshakeTimeout = binding.Limits.HandshakeTimeout,
        });
    }

    private static IReadOnlyList<SslApplicationProtocol> ProtocolsOf(HttpBinding binding)
        => binding.IsHttp3 ? [SslApplicationProtocol.Http3] : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private static List<IPEndPoint> Addresses(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return [.. addresses.Select(BindingAddress.Parse).Select(a => new IPEndPoint(IPAddress.TryParse(a.Host.Trim('[', ']'), out var ip)
            ? ip
            : IPAddress.Loopback, a.Port))];
    }
}
