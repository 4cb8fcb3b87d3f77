using System.Net;
using System.Text;
using Harmony.Core.Building;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Adapters.Http;

/// <summary>
/// One Kestrel server for one network, so that networks open, close and drain by themselves. Requests go straight to
/// <see cref="HttpRequestHandler"/>: ASP.NET's middleware and hosting layers are not in the way.
/// </summary>
internal sealed class HttpListener : IListener
{
    private readonly WebApplication _host;
    private readonly IServer _server;

    private HttpListener(HttpBinding binding, WebApplication host, IServer server)
    {
        Binding = binding;
        _host = host;
        _server = server;
    }

    public ListenerBinding Binding { get; }

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static async ValueTask<IListener> OpenAsync(
        HttpBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, TimeProvider clock, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, binding));
        var host = builder.Build();
        var server = host.Services.GetRequiredService<IServer>();
        try
        {
            await server.StartAsync(new HttpRequestHandler(binding, runtime, loggers, clock), ct);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return new HttpListener(binding, host, server) { Endpoints = Addresses(server) };
    }

    public Task StopAsync(CancellationToken deadline) => _server.StopAsync(deadline);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void Configure(KestrelServerOptions options, HttpBinding binding)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        // A streamed body is bounded only where an endpoint says so; what is buffered is bounded by content_limits.
        options.Limits.MaxRequestBodySize = null;
        // A bare line feed ends a line for some servers and not for others (RFC 9112 §2.2 leaves it open): that is how requests are smuggled.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        // Field values are octets to a gateway: Latin-1 keeps each of them (RFC 9110 §5.5, obs-text).
        options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        if (binding.Address == "localhost") options.ListenLocalhost(binding.Port, listen => Configure(listen, binding));
        else options.Listen(IPAddress.Parse(binding.Address), binding.Port, listen => Configure(listen, binding));
    }

    private static void Configure(ListenOptions listen, HttpBinding binding)
    {
        listen.Protocols = binding.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;
        if (binding.CertPath is null)
        {
            if (!binding.H2c) listen.Protocols = HttpProtocols.Http1; // without TLS there is nothing to negotiate HTTP/2 by
            return;
        }

        listen.UseHttps(https =>
        {
            https.ServerCertificate = Certificates.Load(binding.CertPath, binding.KeyPath!);
            https.ServerCertificateChain = Certificates.LoadChain(binding.CertPath);
        });
    }

    private static List<IPEndPoint> Addresses(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return [.. addresses.Select(BindingAddress.Parse).Select(a => new IPEndPoint(IPAddress.TryParse(a.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Loopback, a.Port))];
    }
}
