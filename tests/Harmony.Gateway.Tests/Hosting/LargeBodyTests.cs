using System.Diagnostics;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Xunit.Abstractions;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>A body many times larger than the memory it may take passes through the program, both ways.</summary>
public class LargeBodyTests(ITestOutputHelper output)
{
    private const long Size = 4L << 30;
    private const long MostResident = 200L << 20;
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: ";

    [PlatformFact("linux")]
    public async Task Upload_OfFourGigabytes_ArrivesInLittleMemory()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            var received = await CountAsync(connection, Size);
            var text = received.ToString();
            await connection.WriteAsync($"{Head}{text.Length}\r\n\r\n{text}");
        });
        await using var gateway = await StartAsync(origin.Url);
        using var client = await OpenAsync(gateway);
        var most = await MostResidentAsync(gateway, async () =>
        {
            await client.WriteAsync($"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: {Size}\r\n\r\n");
            await GenerateAsync(client, Size);
            Assert.Equal(Size.ToString(), (await RawAnswer.ReadAsync(client)).Body);
        });
        Assert.InRange(most, 1, MostResident);
    }

    [PlatformFact("linux")]
    public async Task Download_OfFourGigabytes_ArrivesInLittleMemory()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"{Head}{Size}\r\n\r\n");
            await GenerateAsync(connection, Size);
        });
        await using var gateway = await StartAsync(origin.Url);
        using var client = await OpenAsync(gateway);
        var most = await MostResidentAsync(gateway, async () =>
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await client.ReadHeadAsync();
            Assert.Equal(Size, await CountAsync(client, Size));
        });
        Assert.InRange(most, 1, MostResident);
    }

    private static Task<RawConnection> OpenAsync(GatewayProcess gateway) => RawConnection.OpenAsync(gateway.Address);

    private static Task<GatewayProcess> StartAsync(Uri origin) => GatewayProcess.StartAsync(port => $"""
        [proxy]
        name = "large"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.origin]
        service = "http"
        options.base_url = "{origin}"
        """);

    /// <summary>
    /// Clients that send all but the end of their bodies to a step that reads them: memory stays, then the disk's budget is spent, and others are served.
    /// </summary>
    [PlatformFact("linux")]
    public async Task HeldBodies_OfManySlowClients_StayInTheirBudgets()
    {
        const int Body = 4 << 20, Clients = 40;
        await using var gateway = await GatewayProcess.StartAsync(port => $$"""
            [proxy]
            name = "held"
            primary_provider = "local"
            [proxy.content_limits]
            max_memory_size = {{8 << 20}}
            max_spool_size = {{100 << 20}}
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = {{port}}
            [pipelines.p]
            networks = ["main"]
            endpoints = ["all"]
            middleware = ["json_extractor"]
            backends = ["echo"]
            [endpoints.all]
            service = "http"
            options.path_prefix = "/"
            [backends.echo]
            service = "echo"
            """);
        var clients = new List<RawConnection>();
        var most = await MostResidentAsync(gateway, async () =>
        {
            for (var i = 0; i < Clients; i++)
            {
                var client = await OpenAsync(gateway);
                clients.Add(client);
                await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: {Body}\r\n\r\n");
                try
                {
                    await GenerateAsync(client, Body - (256 * 1024));
                }
                catch (IOException)
                {
                    // Refused while it was sent.
                }
            }

            // 160 MB do not fit into 108: one of the last has its answer, before its body has ended.
            Assert.Equal(503, (await await Task.WhenAny(clients.Select(c => RawAnswer.ReadAsync(c, "POST")))).Status);
        });
        Assert.InRange(most, 1, MostResident);

        using var other = await OpenAsync(gateway);
        await other.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        Assert.Equal(200, (await RawAnswer.ReadAsync(other, "POST")).Status);
        foreach (var client in clients) client.Dispose();
    }

    private async Task<long> MostResidentAsync(GatewayProcess gateway, Func<Task> work)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var clock = Stopwatch.StartNew();
        var working = work();
        var most = gateway.ResidentBytes;
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
            most = Math.Max(most, gateway.ResidentBytes);
        }

        await working;
        output.WriteLine($"{Size / 1e6 / clock.Elapsed.TotalSeconds:0} MB/s, at most {most >> 20} MB resident");
        return most;
    }

    private static async Task GenerateAsync(RawConnection connection, long count)
    {
        var buffer = new byte[256 * 1024];
        for (; count > 0; count -= buffer.Length) await connection.Stream.WriteAsync(buffer, CancellationToken.None);
    }

    private static async Task<long> CountAsync(RawConnection connection, long wanted)
    {
        var buffer = new byte[256 * 1024];
        var count = 0L;
        while (count < wanted && await connection.Stream.ReadAsync(buffer, CancellationToken.None) is var read and > 0) count += read;
        return count;
    }
}
