using System.Net.Sockets;
using Harmony.Imaging.Adapters.Dimse;
using Harmony.Testing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

public sealed class DimseHostTests
{
    /// <summary>
    /// Kestrel has a pool of its own, of blocks of 4 KB, which one line in the wrong place would bring back without anybody noticing but by the clock.
    /// </summary>
    [Fact]
    public async Task Connection_Receives_InLargeBlocks()
    {
        const int Sent = 40_000;
        var seen = new TaskCompletionSource<(bool IsOurs, int FirstBlock)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var binding = new DimseBinding("net", "127.0.0.1", 0) { ConfiguredPort = 0, MaxConnections = 10 };
        await using var host = DimseHost.Build(binding, certificates: null, NullLoggerFactory.Instance, async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(Sent, Guard.Token);
            seen.TrySetResult((connection.Features.GetRequiredFeature<IMemoryPoolFeature>().MemoryPool is LargeBlocks, read.Buffer.FirstSpan.Length));
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        });
        var server = host.Services.GetRequiredService<IServer>();
        await server.StartAsync(new NoHttp(), CancellationToken.None);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port);
        await client.GetStream().WriteAsync(new byte[Sent]);
        var (isOurs, firstBlock) = await seen.Task.Guarded();
        Assert.True(isOurs);
        Assert.True(firstBlock > 4096, $"the first block held {firstBlock} bytes");
        await server.StopAsync(Guard.Token);
    }

    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }

        public Task ProcessRequestAsync(IFeatureCollection context) => throw new NotSupportedException();
    }
}
