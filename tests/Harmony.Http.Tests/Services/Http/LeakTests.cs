using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

[Collection("alone")]
public class LeakTests
{
    private const int Requests = 2000;
    private const string Nowhere = "http://127.0.0.1:1";

    /// <summary>Whatever goes wrong, every count returns to zero and no socket stays behind.</summary>
    [Fact]
    public async Task Requests_FailingInEveryWay_LeaveNothingBehind()
    {
        var watched = new WatchedBackends();
        await using var origin = RawOrigin.Start(MisbehaveAsync);
        var config = BackendConfig.Sharing([origin.Url, new Uri(Nowhere), new Uri(origin.Url, "/other")],
            "max_retries = 1\ntimeout_secs = 1\npassive_health.max_failures = 0").Replace("service = \"http\"", "service = \"watched\"");
        await using var gateway = await BackendConfig.StartAsync(config, extra: watched);

        await RunAsync(gateway, 100); // pools and caches fill
        var before = CountSockets();
        await RunAsync(gateway, Requests);
        await gateway.Snapshot.CloseAsync().Guarded();

        Assert.Equal(0, gateway.Snapshot.InFlight);
        Assert.All(watched.Targets, target => Assert.Equal(0, target.InFlight));
        await Guard.UntilAsync(() => CountSockets() <= before + 64); // idle connections of the pool; those of clients end when both sides have seen it
    }

    private static Task RunAsync(TestGateway gateway, int count)
        => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            try
            {
                using var client = await RawConnection.OpenAsync(gateway.Address);
                await client.WriteAsync((i % 3) switch
                {
                    0 => $"GET /{Kind(i)} HTTP/1.1\r\nHost: h\r\n\r\n",
                    1 => $"POST /{Kind(i)} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nall of it",
                    _ => $"PUT /{Kind(i)} HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nsome of it",
                });
                if (i % 3 == 2 || i % 7 == 0) client.Reset(); // the client goes, in mid body or while it waits
                else await RawAnswer.ReadAsync(client);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Broken off, as it must be.
            }
        });

    private static string Kind(int i) => (i % 97 == 0 ? 5 : i % 5).ToString();

    private static async Task MisbehaveAsync(RawConnection connection)
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            switch (head[head.IndexOf(" HTTP", StringComparison.Ordinal) - 1])
            {
                case '0':
                    connection.Reset();
                    return;
                case '1':
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
                    connection.Reset();
                    return;
                case '2':
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense");
                    return;
                case '3':
                    await connection.WriteAsync("what is this\r\n\r\n");
                    return;
                case '5':
                    await connection.WaitForEndAsync(); // no answer in time
                    return;
                default:
                    await connection.ReadBodyAsync(head);
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    break;
            }
        }
    }

    private static int CountSockets() => OperatingSystem.IsLinux()
        ? Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;
}
