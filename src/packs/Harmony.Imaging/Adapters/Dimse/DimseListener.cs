using System.Buffers;
using System.Net;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Http.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>One Kestrel server for one port: its accept loop, limits and TLS, with associations instead of HTTP on its connections.</summary>
internal sealed class DimseListener : IListener
{
    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly DimseConnections _connections;
    private readonly RenewingCertificates? _certificates;

    private DimseListener(DimseBinding binding, WebApplication host, IServer server, DimseConnections connections, RenewingCertificates? certificates)
    {
        Binding = binding;
        (_host, _server, _connections, _certificates) = (host, server, connections, certificates);
    }

    public ListenerBinding Binding { get; }

    public IReadOnlyList<IPEndPoint> Endpoints { get; private set; } = [];

    /// <exception cref="IOException">The address cannot be bound, or a certificate not be used.</exception>
    public static async ValueTask<IListener> OpenAsync(
        DimseBinding binding, GatewayRuntime runtime, AssociationCounts counts, ILoggerFactory loggers, TimeProvider clock, CancellationToken ct)
    {
        var certificates = binding.Tls is { } tls ? RenewingCertificates.Open(tls, [], binding.Network, clock, loggers.CreateLogger("harmony.tls")) : null;
        var connections = new DimseConnections(binding, runtime, counts, loggers.CreateLogger("harmony.dimse"), clock);
        var host = DimseHost.Build(binding, certificates, loggers, connections.ServeAsync);
        var server = host.Services.GetRequiredService<IServer>();
        try
        {
            await server.StartAsync(new NoHttp(), ct);
        }
        catch
        {
            await host.DisposeAsync();
            connections.Dispose();
            certificates?.Dispose();
            throw;
        }

        return new DimseListener(binding, host, server, connections, certificates) { Endpoints = Addresses(server) };
    }

    public async Task StopAsync(CancellationToken deadline)
    {
        var draining = _connections.DrainAsync(deadline);
        await _server.StopAsync(deadline);
        await draining;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _connections.Dispose();
        _certificates?.Dispose();
    }

    private static List<IPEndPoint> Addresses(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return [.. addresses.Select(BindingAddress.Parse).Select(a => new IPEndPoint(IPAddress.TryParse(a.Host.Trim('[', ']'), out var ip)
            ? ip
            : IPAddress.Loopback, a.Port))];
    }

    /// <summary>Kestrel requires a request delegate; no connection reaches it.</summary>
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(IFeatureCollection context) => throw new NotSupportedException();
    }
}

/// <summary>The address and settings of a listener for DICOM associations.</summary>
public sealed record DimseBinding(string Network, string Address, int Port) : ListenerBinding("dimse", Network, Address, Port)
{
    /// <summary>The port by which endpoints belong to this listener: the configured one, whichever was really taken.</summary>
    public required int ConfiguredPort { get; init; }

    /// <summary>How it speaks TLS; null for no TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Time for a handshake of TLS.</summary>
    public TimeSpan HandshakeTimeout { get; init; }

    /// <summary>Time for the request of an association to begin.</summary>
    public TimeSpan Artim { get; init; }

    /// <summary>Most connections, with or without an association.</summary>
    public int MaxConnections { get; init; }

    /// <inheritdoc/>
    public override string Owner => $"a dicom_scp endpoint of network '{Network}'";

    /// <inheritdoc/>
    public override string Url => $"{(Tls is null ? "dicom" : "dicom+tls")}://{(Address.Contains(':') ? $"[{Address}]" : Address)}:{Port}";
}

/// <summary>
/// Blocks of 64 KB for what connections receive. Kestrel's own have 4 KB and one is filled by each receive, which is right for requests, and
/// 128 system calls for an image.
/// </summary>
internal sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockSize));

    protected override void Dispose(bool disposing)
    {
        // All memory is the shared pool's.
    }
}
