using System.Diagnostics.Metrics;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Logging.Access;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Tests.Logging.Access;

public sealed class AccessLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Requests_ThroughAGateway_EachHaveALineWithoutTheQuery()
    {
        using var output = new MemoryStream();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("12345");
        });
        await using (var gateway = await TestGateway.ForwardingAsync(origin.Url))
        {
            using var log = new AccessLog(new AccessLogSection(), new StreamSink(output, "output", colours: false, _ => { }), NullLogger.Instance, _ => { });
            gateway.Runtime.AccessLog.Current = log;
            await gateway.SendRawAsync("POST /Patient/7?token=planted-secret HTTP/1.1\r\nHost: g\r\nX-Request-Id: r1\r\nContent-Length: 3\r\n\r\nabc");
            await gateway.SendRawAsync("GET", "/a/../../b?token=planted-secret", "X-Request-Id: r2");
            await gateway.SendRawAsync("GET", "http://gateway.example/%zz?token=planted-secret", "X-Request-Id: r3");
            await gateway.StopAsync(CancellationToken.None);
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.DoesNotContain(lines, l => l.Contains("planted-secret", StringComparison.Ordinal));
        var first = System.Text.Json.JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(
            "r1 127.0.0.1 POST /Patient/7 200 3 5 main forward all origin origin",
            string.Join(' ', "request_id client_ip method path status bytes_in bytes_out network pipeline endpoint backend target".Split(' ')
                .Select(f => first.GetProperty(f).ToString())));
        Assert.True(first.GetProperty("duration_ms").GetDouble() > 0);
    }

    /// <summary>A scrape every 15 s and a probe every 2 s would be 49,000 lines a day.</summary>
    [Theory]
    [InlineData(false, "/orders /admin/health/ready /admin/info")]
    [InlineData(true, "/admin/metrics /admin/health/live /orders /admin/health/ready /admin/info")]
    public void Probes_AreWrittenWhereTheConfigurationSaysSo(bool probes, string paths)
    {
        using var output = new MemoryStream();
        using (var log = new AccessLog(new AccessLogSection { Probes = probes }, new StreamSink(output, "output", colours: false, _ => { }),
            NullLogger.Instance, _ => { }))
        {
            foreach (var path in new[] { "/admin/metrics", "/admin/health/live" })
                log.Write(Record("a") with { Path = path, Pipeline = ManagementTables.Name, Method = "GET", Status = 200 });
            log.Write(Record("b") with { Path = "/orders", Pipeline = "orders", Method = "GET", Status = 200 });
            // Somebody without a token, and somebody who is no probe.
            log.Write(Record("c") with { Path = "/admin/health/ready", Pipeline = ManagementTables.Name, Method = "GET", Status = 403 });
            log.Write(Record("d") with { Path = "/admin/info", Pipeline = ManagementTables.Name, Method = "GET", Status = 200 });
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(paths.Split(' '), lines.Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("path").GetString()));
    }

    [Fact]
    public void Write_OutputStandsStill_DropsAndCounts()
    {
        var dropped = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (i,
            l) =>
            { if (i.Name == "harmony.access_log.dropped") l.EnableMeasurementEvents(i); }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref dropped, value));
        listener.Start();
        using var output = new GatedStream();
        var logger = new RecordingLogger();
        var log = new AccessLog(new AccessLogSection(), new StreamSink(output, "output", colours: false, _ => { }), logger.CreateLogger("harmony.access"),
            _ => { }, queueCapacity: 10);
        log.Write(Record("0"));
        output.WaitForWriter();
        for (var i = 0; i < 30; i++) log.Write(Record($"{i}"));
        output.Open();
        log.Dispose();

        Assert.Equal(20, dropped);
        Assert.True(logger.Has(1201));
        Assert.Equal(11, Encoding.UTF8.GetString(output.ToArray()).Count(c => c == '\n'));
    }

    [Fact]
    public void File_AtItsSize_IsPutAsideAndTheOldestGoes()
    {
        var path = Path.Combine(_folder.Path, "logs", "access.log");
        var complaints = new List<string>();
        for (var run = 0; run < 2; run++) // the second begins where the first has ended
        {
            using var sink = RotatingFileSink.TryOpen(path, maxBytes: 100, keep: 2, complaints.Add, TimeProvider.System)!;
            for (var i = 0; i < 8; i++)
            {
                using var line = new LogLine(LogLevel.Information);
                line.Append(Encoding.UTF8.GetBytes($"{run}{i}".PadRight(29, 'x') + "\n"));
                sink.Write(line);
            }
        }

        Assert.Empty(complaints);
        Assert.Equal(["access.log", "access.log.1", "access.log.2"],
            Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["17"], FirstsOf(path));
        Assert.Equal(["14", "15", "16"], FirstsOf(path + ".1"));
        Assert.Equal(["11", "12", "13"], FirstsOf(path + ".2"));
    }

    /// <summary>Where the old file cannot be moved, lines go on, are lost nowhere, and the move is tried now and then only.</summary>
    [Fact]
    public void File_ThatCannotBePutAside_GrowsAndIsTriedAgainLater()
    {
        var path = Path.Combine(_folder.Path, "access.log");
        Directory.CreateDirectory(path + ".1/in the way");
        var (clock, complaints) = (new TestTimeProvider(), new List<string>());
        using (var sink = RotatingFileSink.TryOpen(path, maxBytes: 100, keep: 1, complaints.Add, clock)!)
        {
            for (var i = 0; i < 20; i++) Write(sink, i);
            Assert.Single(complaints);
            Directory.Delete(path + ".1", recursive: true);
            Write(sink, 20);
            Assert.False(File.Exists(path + ".1")); // not yet
            clock.Advance(TimeSpan.FromSeconds(1));
            Write(sink, 21);
        }

        Assert.Equal(21, File.ReadLines(path + ".1").Count());
        Assert.Single(File.ReadLines(path));
        Assert.Single(complaints);

        static void Write(RotatingFileSink sink, int number)
        {
            using var line = new LogLine(LogLevel.Information);
            line.Append(Encoding.UTF8.GetBytes($"{number}".PadRight(29, 'x') + "\n"));
            sink.Write(line);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> FirstsOf(string path) => File.ReadLines(path).Select(l => l[..2]);

    private static AccessRecord Record(string id) => new()
    {
        Time = default, Duration = default, RequestId = id, Protocol = "HTTP/1.1", Method = "GET", Path = "/", Status = 200, BytesIn = 0, BytesOut = 0,
        Network = "n",
    };
}
