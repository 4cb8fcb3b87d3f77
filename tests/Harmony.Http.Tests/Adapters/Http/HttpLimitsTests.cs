using System.Text;
using Harmony.Core.Configuration;
using Harmony.Http.Adapters.Http;
using Harmony.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Threats: slowloris, floods of fields and connections. One client cannot take what others need.</summary>
public class HttpLimitsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public async Task Slowloris_HeadThatNeverEnds_IsCutAndOthersAreServed()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits.header_timeout_secs = 1");
        using var slow = await RawConnection.OpenAsync(gateway.Address);
        await slow.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nX-A: ");
        var cut = slow.ReadToEndAsync();
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/")).Status);
        var (text, _) = await cut.Guarded();
        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), text);
        Assert.Single(origin.Heads);
    }

    [Fact]
    public async Task IdleConnection_IsClosedAfterItsTime()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits.keep_alive_timeout_secs = 1");
        using var idle = await RawConnection.OpenAsync(gateway.Address);
        await idle.WriteAsync(Get);
        Assert.Equal(200, (await RawAnswer.ReadAsync(idle)).Status);
        await idle.WaitForEndAsync().Guarded();
    }

    [Fact]
    public async Task Handshake_ThatNeverEnds_IsCut()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tls = true, Network = "limits.handshake_timeout_secs = 1" }.StartAsync();
        using var silent = await RawConnection.OpenAsync(gateway.Address);
        await silent.WaitForEndAsync().Guarded();
    }

    [Fact]
    public async Task Body_ThatTrickles_IsCutWith408()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits = { min_data_rate = 1000, min_data_rate_grace_secs = 2 }");
        using var slow = await RawConnection.OpenAsync(gateway.Address);
        await slow.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nx");
        Assert.Equal(408, (await RawAnswer.ReadAsync(slow).Guarded()).Status);
    }

    [Theory]
    [InlineData("application/octet-stream", true)]
    [InlineData("application/grpc+proto", false)]
    public async Task Http2BodyWithoutLength_ThatTrickles_IsCutUnlessItIsGrpc(string contentType, bool isCut)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadChunksAsync();
            await connection.WriteAsync(Ok);
        });
        await using var gateway = await new ForwardingConfig(origin.Url)
        {
            Tcp = "h2c = true", Network = $"limits = {{ min_data_rate = 1000, min_data_rate_grace_secs = 2, request_timeout_secs = {(isCut ? 300 : 8)} }}",
        }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.Post(("content-type", contentType))));
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Data, 0, 1, "x"u8));
        await client.ReadUntilAsync(RawHttp2.RstStream, RawHttp2.Headers, RawHttp2.GoAway).Guarded();
        // What nothing else cuts lasts until the end of its time.
        if (!isCut)
            await Guard.UntilAsync(() => gateway.Log.Lines.Any(l => $"{l.Message}{l.Exception}".Contains("request_timeout_secs = 8",
                StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("limits.max_header_count = 5", 10, 10, 431)]
    [InlineData("limits.max_header_bytes = 2000", 2, 1500, 431)]
    [InlineData("limits.max_header_count = 20", 10, 10, 200)]
    [InlineData("", 101, 1, 431)]
    [InlineData("", 40, 1000, 431)]
    [InlineData("", 80, 300, 200)]
    public async Task Head_WithTooManyOrTooLongFields_Is431(string limits, int count, int length, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, limits);
        var head = new StringBuilder("GET / HTTP/1.1\r\nHost: h\r\n");
        for (var i = 0; i < count; i++) head.Append("X-").Append(i).Append(": ").Append('a', length).Append("\r\n");
        Assert.Equal(status, (await gateway.SendRawAsync(head.Append("\r\n").ToString())).Status);
        Assert.Equal(status == 200 ? 1 : 0, origin.Heads.Count);
    }

    [Fact]
    public async Task RequestLine_TooLong_Is414()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits.max_request_line = 100");
        Assert.Equal(414, (await gateway.SendRawAsync("GET", "/" + new string('a', 200))).Status);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/" + new string('a', 50))).Status);
    }

    /// <summary>What is refused before it is a request is in the log all the same, without anything that the client sent.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nplanted\r\n\r\n", 400)]
    [InlineData("GET /planted HTTP/7.1\r\nHost: h\r\n\r\n", 505)]
    [InlineData("GET /planted-with-a-line-that-is-longer-than-the-64-bytes-of-this-network HTTP/1.1\r\nHost: h\r\n\r\n", 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nA: planted\r\nB: b\r\nC: c\r\n\r\n", 431)]
    public async Task Head_ThatIsRejected_IsLogged(string head, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits = { max_request_line = 64, max_header_count = 3 }");
        Assert.Equal(status, (await gateway.SendRawAsync(head)).Status);
        var line = await gateway.Log.FirstAsync(2009);
        Assert.Contains($"with {status}: ", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", line.Message, StringComparison.Ordinal);
        Assert.Empty(origin.Heads);
    }

    [Fact]
    public async Task Connections_BeyondTheMost_AreClosedUntilOneEnds()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, "limits.max_connections = 2");
        using var first = await ServedAsync(gateway);
        var second = await ServedAsync(gateway);
        using (var third = await RawConnection.OpenAsync(gateway.Address)) await third.WaitForEndAsync().Guarded();
        second.Dispose();
        // The gateway learns of the end a moment later.
        using var next = await UntilServedAsync(gateway).Guarded();
        await first.WriteAsync(Get);
        Assert.Equal(200, (await RawAnswer.ReadAsync(first)).Status);
    }

    [Fact]
    public async Task Request_ThatTakesTooLong_Is504()
    {
        var clock = new TestTimeProvider();
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await connection.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(Config(origin, "limits.request_timeout_secs = 7"), clock: clock);
        var asking = gateway.SendRawAsync("GET", "/");
        await asked.Task.Guarded();
        clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(504, (await asking.Guarded()).Status);
        Assert.Contains("request_timeout_secs = 7", (await gateway.Log.FirstAsync(2005)).Message, StringComparison.Ordinal);
    }

    /// <summary>A target that swallows packets must not stay in because the time of the whole request is over before its own.</summary>
    [Fact]
    public async Task Request_ThatTakesTooLong_CountsAgainstTheTarget()
    {
        var clock = new TestTimeProvider();
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.TrySetResult();
            await connection.ReadToEndAsync();
        });
        await using var gateway = await new ForwardingConfig(origin.Url)
        {
            Network = "limits.request_timeout_secs = 7", Backend = "timeout_secs = 30\npassive_health = { max_failures = 1 }",
        }.StartAsync(clock);
        var asking = gateway.SendRawAsync("GET", "/");
        await asked.Task.Guarded();
        clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(504, (await asking.Guarded()).Status);
        await gateway.Log.FirstAsync(2105); // the target is down
    }

    /// <summary>By default a client may take nothing for minutes, and is not cut off by the rate at which it reads.</summary>
    [Fact]
    public void Defaults_LetSlowReadersRead()
    {
        var limits = new KestrelServerLimits();
        HttpLimits.Of(new NetworkLimitsSection()).ApplyTo(limits);
        Assert.Equal(TimeSpan.FromMinutes(5), limits.MinResponseDataRate!.GracePeriod);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.MinRequestBodyDataRate!.GracePeriod);
    }

    [Fact]
    public async Task Answer_ThatTakesTooLong_IsBrokenOff()
    {
        var clock = new TestTimeProvider();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            await connection.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(Config(origin, "limits.request_timeout_secs = 7"), clock: clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(Get);
        await client.ReadUntilAsync("half").Guarded();
        clock.Advance(TimeSpan.FromSeconds(8));
        await client.WaitForEndAsync().Guarded();
        await gateway.Log.FirstAsync(2006);
    }

    [Fact]
    public async Task Http2_StreamsAtOnce_AreAsManyAsSaid()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Network = "limits.max_http2_streams = 3" }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        var settings = (await client.ReadUntilAsync(RawHttp2.Settings).Guarded())!;
        Assert.Contains((3, 3u), Enumerable.Range(0, settings.Length / 6)
            .Select(i => ((int)settings[(6 * i) + 1], System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(settings.AsSpan((6 * i) + 2)))));
    }

    private static Task<TestGateway> StartAsync(RawOrigin origin, string network) => new ForwardingConfig(origin.Url) { Network = network }.StartAsync();

    private static string Config(RawOrigin origin, string network)
        => new ForwardingConfig(origin.Url) { Network = network, Backend = "timeout_secs = 300" }.ToToml();

    private static async Task<RawConnection> ServedAsync(TestGateway gateway)
        => await TryServedAsync(gateway) ?? throw new IOException("the connection was closed");

    private static async Task<RawConnection> UntilServedAsync(TestGateway gateway)
    {
        while (true)
        {
            if (await TryServedAsync(gateway) is { } served) return served;
        }
    }

    private static async Task<RawConnection?> TryServedAsync(TestGateway gateway)
    {
        var connection = await RawConnection.OpenAsync(gateway.Address);
        try
        {
            await connection.WriteAsync(Get);
            if (await connection.ReadHeadAsync() is { } head)
            {
                await connection.ReadBodyAsync(head);
                return connection;
            }
        }
        catch (IOException)
        {
            // Closed by the gateway.
        }

        connection.Dispose();
        return null;
    }
}
