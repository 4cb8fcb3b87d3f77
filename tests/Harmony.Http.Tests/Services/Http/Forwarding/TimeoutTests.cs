using System.Net;
using System.Net.Sockets;
using Harmony.Core.Faults;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class TimeoutTests
{
    private const string Five = "timeout_secs = 5";
    private const string Switch = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task Origin_Silent_504OnceTheTimeIsUp()
    {
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Five, _clock);
        var answer = gateway.SendRawAsync("GET", "/");
        await asked.Task.Guarded();
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(answer.IsCompleted);
        await AdvanceUntilAsync(answer); // the gateway may note later than the origin that the request is out
        Assert.Equal(504, (await answer).Status);
        Assert.Single(origin.Heads); // what timed out once is not tried again
    }

    /// <summary>An event stream, a watch of gRPC or a long report may be silent for any time.</summary>
    [Fact]
    public async Task Timeout_Zero_WaitsForAnyTime()
    {
        var (asked, answer) = (Guard.NewSignal(), Guard.NewSignal());
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await answer.Task.Guarded();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            await answer.Task.Guarded();
            _clock.Advance(TimeSpan.FromDays(7)); // and in the middle of the body
            await connection.WriteAsync("k");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "timeout_secs = 0", _clock);
        var asking = gateway.SendRawAsync("GET", "/");
        await asked.Task.Guarded();
        _clock.Advance(TimeSpan.FromDays(7));
        Assert.False(asking.IsCompleted);
        answer.SetResult();
        Assert.Equal((200, "ok"), ((await asking.Guarded()).Status, (await asking).Body));
    }

    [Fact]
    public async Task Stream_SlowButSteady_OutlastsTheTimeout()
    {
        var next = new SemaphoreSlim(0);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
            for (var i = 0; i < 20; i++)
            {
                await next.WaitAsync(connection.Stop);
                await connection.WriteAsync("x");
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Five, _clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(4));
            next.Release();
            Assert.Equal("x", await client.ReadAsync(1));
        }
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\npart", "part")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", "4\r\npart\r\n")]
    public async Task Origin_StopsInMidBody_ClientIsBrokenOff(string answer, string received)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n" + answer);
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Five, _clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync());
        Assert.Equal(received, await client.ReadAsync(received.Length));
        var rest = client.ReadToEndAsync();
        await AdvanceUntilAsync(rest);
        Assert.Equal("", (await rest).Text); // and no last chunk
        var fault = (await gateway.Log.FirstAsync(2006)).Exception;
        Assert.Equal(FaultKind.Timeout, Assert.IsType<GatewayException>(fault).Kind);
    }

    [Fact]
    public async Task Origin_StopsBeforeTheFirstByteOfTheBody_ClientIsBrokenOff()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Five, _clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();
        await AdvanceUntilAsync(client.ReadToEndAsync());
    }

    [Fact]
    public async Task Origin_TakesNoMoreOfTheBody_504()
    {
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, connection.Stop);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Five, _clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
        var sending = client.Stream.WriteAsync(new byte[50_000_000], Guard.Token).AsTask();
        var answer = client.ReadHeadAsync();
        await asked.Task.Guarded(); // no time-out of making the connection
        await AdvanceUntilAsync(answer);
        Assert.StartsWith("HTTP/1.1 504", await answer);
        await Task.WhenAny(sending);
    }

    [Fact]
    public async Task Connect_NobodyAccepts_504()
    {
        // A socket whose queue is full takes no more connections and refuses none.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await waiting.ConnectAsync(full.LocalEndPoint!);
        await using var gateway = await TestGateway.ForwardingAsync(new Uri($"http://{full.LocalEndPoint}"), "connect_timeout_secs = 1\nmax_retries = 0");
        Assert.Equal(504, (await gateway.SendRawAsync("POST", "/")).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://no-such-host.invalid")]
    public async Task Connect_RefusedOrNoSuchName_502(string url)
    {
        await using var gateway = await TestGateway.ForwardingAsync(new Uri(url), "max_retries = 0");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task Tunnel_Idle_IsClosedBothWays()
    {
        var closed = Guard.NewSignal();
        await using var origin = RawOrigin.Start(connection => EchoAsync(connection, closed));
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "timeout_secs = 5\nupgrade_idle_secs = 60", _clock);
        using var client = await OpenTunnelAsync(gateway);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(50));
            await EchoesAsync(client);
        }

        var rest = client.ReadToEndAsync();
        await AdvanceUntilAsync(rest);
        Assert.Equal("", (await rest).Text);
        await closed.Task.Guarded();
        Assert.False(gateway.Log.Has(2006));
        Assert.False(gateway.Log.Has(2007));
    }

    [Fact]
    public async Task Tunnel_IdleZero_StaysForEver()
    {
        await using var origin = RawOrigin.Start(connection => EchoAsync(connection, Guard.NewSignal()));
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "upgrade_idle_secs = 0", _clock);
        using var client = await OpenTunnelAsync(gateway);
        _clock.Advance(TimeSpan.FromDays(10));
        await EchoesAsync(client);
    }

    [Theory]
    [InlineData("options.timeout_secs = 1\ntimeout_secs = 2", 1)]
    [InlineData("timeout_secs = 2", 2)]
    [InlineData("", 3)]
    public async Task TimeoutSecs_InSeveralPlaces_OptionsGoOverBackendOverTarget(string backend, int expected)
    {
        var watched = new WatchedBackends();
        await using var gateway = await BackendConfig.StartAsync(
            $"[targets.t]\nurl = \"http://a\"\ntimeout_secs = 3\n[targets.u]\nurl = \"http://b\"\n[backends.b]\nservice = \"watched\"\ntargets = [\"t\", "
                + $"\"u\"]\n{backend}", extra: watched);
        Assert.Equal(expected, watched.Targets.First().Timeout.TotalSeconds);
        Assert.Equal(expected == 3 ? 30 : expected, watched.Targets.Last().Timeout.TotalSeconds); // each target has its own
    }

    private Task AdvanceUntilAsync(Task task) => _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), task);

    private static async Task EchoAsync(RawConnection connection, TaskCompletionSource closed)
    {
        await connection.ReadHeadAsync();
        await connection.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        var buffer = new byte[1];
        try
        {
            while (await connection.Stream.ReadAsync(buffer, connection.Stop) > 0) await connection.Stream.WriteAsync(buffer, connection.Stop);
        }
        finally
        {
            closed.TrySetResult();
        }
    }

    private static async Task<RawConnection> OpenTunnelAsync(TestGateway gateway)
    {
        var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(Switch);
        Assert.StartsWith("HTTP/1.1 101", await client.ReadHeadAsync());
        await EchoesAsync(client);
        return client;
    }

    private static async Task EchoesAsync(RawConnection client)
    {
        await client.WriteAsync("e");
        Assert.Equal("e", await client.ReadAsync(1));
    }
}
