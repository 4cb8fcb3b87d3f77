using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Testing;

/// <summary>An origin on Kestrel, for what is too much for a raw socket: HTTP/2, WebSocket.</summary>
public sealed class KestrelOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelOrigin(WebApplication app) => _app = app;

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>What handlers threw.</summary>
    public ConcurrentQueue<Exception> Faults { get; } = new();

    /// <summary>Starts one that speaks HTTP/1.1.</summary>
    public static Task<KestrelOrigin> StartAsync(RequestDelegate handler, int port = 0) => StartAsync(HttpProtocols.Http1, handler, port: port);

    /// <summary>Starts one that speaks HTTP/2 without TLS.</summary>
    public static Task<KestrelOrigin> StartHttp2Async(RequestDelegate handler) => StartAsync(HttpProtocols.Http2, handler);

    /// <summary>Starts one that speaks HTTP/1.1 and HTTP/2 over TLS.</summary>
    public static Task<KestrelOrigin> StartTlsAsync(Action<HttpsConnectionAdapterOptions> tls, RequestDelegate handler)
        => StartAsync(HttpProtocols.Http1AndHttp2, handler, tls);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<KestrelOrigin> StartAsync(
        HttpProtocols protocols, RequestDelegate handler, Action<HttpsConnectionAdapterOptions>? tls = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = protocols;
                if (tls is not null) listen.UseHttps(tls);
            });
        });
        var app = builder.Build();
        var origin = new KestrelOrigin(app);
        app.UseWebSockets();
        app.Run(async context =>
        {
            try
            {
                await handler(context);
            }
            catch (Exception e)
            {
                origin.Faults.Enqueue(e);
                throw;
            }
        });
        await app.StartAsync();
        return origin;
    }
}
