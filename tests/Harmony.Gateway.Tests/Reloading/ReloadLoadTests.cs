using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>Reloads without end while 64 connections never stop asking.</summary>
[Collection("alone")]
public sealed class ReloadLoadTests
{
    private const int Connections = 64;
    private const int Reloads = 200;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task TwoHundredReloads_UnderLoad_NothingFailsAndNothingGrows()
    {
        await using var first = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        await using var second = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        await using var gateway = await ReloadingGateway.StartAsync(g => Write(g, 0, first, second));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Connections).Select(_ => AskAsync(gateway, stop.Token)).ToList();

        var snapshots = new List<WeakReference>();
        var noticed = new List<TimeSpan>();
        await RunAsync(gateway, first, second, snapshots, noticed, 1, 40); // everything that is made once has been made then
        first.Heads.Clear();
        second.Heads.Clear();
        var before = Measured();
        await RunAsync(gateway, first, second, snapshots, noticed, 41, Reloads);
        await stop.CancelAsync();
        var answered = await Task.WhenAll(load);
        Assert.True(answered.Sum() > 1000, $"{answered.Sum()} requests are no load");

        await Guard.UntilAsync(() => gateway.Host.Draining == 0);
        first.Heads.Clear();
        second.Heads.Clear();
        var after = Measured();
        Assert.InRange(noticed.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(10)); // others may have had to wait for a busy machine
        Assert.InRange(snapshots.Count(s => s.IsAlive), 1, 3); // the current one, and what a register or a timer may still hold
        Assert.InRange(after.Threads, 0, before.Threads + 40); // the pool's come and go; a thread for each reload would be 160
        Assert.InRange(after.Files, 0, before.Files + 40);
        Assert.InRange(after.Bytes, 0, before.Bytes + (8 << 20));
    }

    /// <summary>Every fifth by the watcher, timed from the write; the others asked for, so that the test does not wait for quiet each time.</summary>
    private static async Task RunAsync(ReloadingGateway gateway, RawOrigin first, RawOrigin second, List<WeakReference> snapshots, List<TimeSpan> noticed,
        int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            Note(gateway, snapshots);
            var isBroken = i % 5 == 0;
            var watched = i % 10 == 3;
            if (watched)
            {
                var written = Stopwatch.StartNew();
                while (gateway.UnseenAttempts > 0) await gateway.NextAttemptAsync();
                Write(gateway, i, first, second);
                while (await gateway.GetAsync($"/generation/{i}") != HttpStatusCode.OK) await gateway.NextAttemptAsync();
                noticed.Add(written.Elapsed);
                continue;
            }

            Write(gateway, i, first, second, isBroken ? "[broken" : "");
            Assert.Equal(!isBroken, (await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
            if (!isBroken) Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync($"/generation/{i}"));
        }
    }

    /// <summary>Other middleware, another route, another target, another file that it reads, each time.</summary>
    private static void Write(ReloadingGateway gateway, int i, RawOrigin first, RawOrigin second, string end = "")
    {
        var middleware = (i % 3) switch { 0 => "[]", 1 => "[\"passthru\"]", _ => "[\"json_extractor\", \"schema\"]" };
        Put(gateway, "schema.json", $$"""{ "title": "{{i}}" }""");
        Put(gateway, "config.toml", gateway.Config($"generation/{i}"));
        Put(gateway, "pipelines/load.toml", $$"""
            [pipelines.load]
            networks = ["main"]
            endpoints = ["load"]
            middleware = {{middleware}}
            backends = ["load"]
            [endpoints.load]
            service = "http"
            options.path_prefix = "/load"
            [middleware.schema]
            type = "schema"
            options.schema_path = "schema.json"
            [backends.load]
            service = "http"
            targets = ["{{(i % 2 == 0 ? "a" : "b")}}", "c"]
            [targets.a]
            url = "{{first.Url}}"
            [targets.b]
            url = "{{second.Url}}"
            [targets.c]
            url = "{{first.Url}}"
            {{end}}
            """);
    }

    /// <summary>
    /// By renaming: an emptied file that its writer has not come to fill is a valid configuration without the pipeline, and 404 the right answer.
    /// </summary>
    private static void Put(ReloadingGateway gateway, string name, string text)
    {
        gateway.Folder.Write(name + "~", text);
        File.Move(gateway.PathOf(name + "~"), gateway.PathOf(name), overwrite: true);
    }

    private static async Task<int> AskAsync(ReloadingGateway gateway, CancellationToken stop)
    {
        var answered = 0;
        while (!stop.IsCancellationRequested)
        {
            // A connection waits for all of its answers together no longer than Guard.Limit.
            using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Port));
            for (var i = 0; i < 25 && !stop.IsCancellationRequested; i++, answered++)
            {
                await connection.WriteAsync("POST /load HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
                var answer = await RawAnswer.ReadAsync(connection, "POST");
                Assert.True(answer.Status == 200, answer.Head);
            }
        }

        return answered;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Note(ReloadingGateway gateway, List<WeakReference> snapshots) => snapshots.Add(new WeakReference(gateway.Host.Snapshot));

    private static (int Threads, int Files, long Bytes) Measured()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return (process.Threads.Count, Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0,
            GC.GetTotalMemory(forceFullCollection: true));
    }
}
