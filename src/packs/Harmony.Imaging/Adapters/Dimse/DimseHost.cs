using System.Net;
using Harmony.Http.Adapters;
using Harmony.Http.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Kestrel as it serves one DICOM port: accept loop, limit of connections and TLS, no HTTP.</summary>
internal static class DimseHost
{
    /// <summary>Puts it together.</summary>
    /// <param name="binding">Where it listens.</param>
    /// <param name="certificates">What it shows; null for no TLS.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="serve">Serves a connection to its end.</param>
    public static WebApplication Build(DimseBinding binding, RenewingCertificates? certificates, ILoggerFactory loggers, ConnectionDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false); // else every receive is two system calls
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, binding, certificates, serve));
        ListenerTransport.AddTo(builder.Services);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlocks>(); // after Kestrel has added its own, of which the last one counts
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions options, DimseBinding binding, RenewingCertificates? certificates, ConnectionDelegate serve)
    {
        options.Limits.MaxConcurrentConnections = binding.MaxConnections;
        if (binding.Address == "localhost") options.ListenLocalhost(binding.Port, Configure);
        else options.Listen(IPAddress.Parse(binding.Address), binding.Port, Configure);

        void Configure(ListenOptions listen)
        {
            if (certificates is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = connection => ValueTask.FromResult(certificates.Current.For(connection.ClientHelloInfo.ServerName)),
                    HandshakeTimeout = binding.HandshakeTimeout,
                });
            }

            // What comes behind this in the chain, HTTP, is never reached.
            ((IConnectionBuilder)listen).Use(_ => serve);
        }
    }
}
