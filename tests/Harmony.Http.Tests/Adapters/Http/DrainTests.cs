using System.Net.Sockets;
using Harmony.Core.Diagnostics;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class DrainTests
{
    private readonly TaskCompletionSource _asked = Guard.NewSignal();
    private readonly TaskCompletionSource _release = Guard.NewSignal();

    [Fact]
    public async Task Stop_RequestUnderWay_LetsItFinishAndTakesNoOther()
    {
        await using var origin = SlowOrigin();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = gateway.SendRawAsync("GET", "/");
        await _asked.Task.Guarded();
        var stopping = gateway.StopAsync(Guard.Token);
        await RefusedAsync(gateway).Guarded();
        Assert.False(stopping.IsCompleted);
        _release.SetResult();
        Assert.Equal("whole", (await answer).Body);
        await stopping.Guarded();
        Assert.Equal(0, gateway.Snapshot.InFlight);
    }

    [Fact]
    public async Task Stop_IdleConnection_IsClosedAtOnce()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await RawAnswer.ReadAsync(client);
        await gateway.StopAsync(Guard.Token).Guarded();
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task Stop_DeadlinePasses_EndsWhatIsLeft()
    {
        await using var origin = SlowOrigin();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await _asked.Task.Guarded();
        using var deadline = new CancellationTokenSource();
        var stopping = gateway.StopAsync(deadline.Token);
        await RefusedAsync(gateway).Guarded();
        await deadline.CancelAsync();
        await stopping.Guarded();
        Assert.Equal("", (await client.ReadToEndAsync()).Text);
        await gateway.Snapshot.CloseAsync().Guarded(); // the request has left, too
    }

    /// <summary>Who waits for the last request to leave finds everything that requests are recorded by.</summary>
    [Fact]
    public async Task Request_IsUnderWayUntilItIsRecorded()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var log = new UnderWayLog(gateway);
        gateway.Runtime.AccessLog.Current = log;
        await gateway.SendRawAsync("GET", "/");
        await gateway.SettledAsync();
        Assert.Equal(1, log.UnderWay);
    }

    private RawOrigin SlowOrigin() => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        _asked.SetResult();
        await Task.WhenAny(_release.Task, connection.WaitForEndAsync());
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
    });

    private static async Task RefusedAsync(TestGateway gateway)
    {
        try
        {
            while (true)
            {
                using var connection = await RawConnection.OpenAsync(gateway.Address);
                await Task.Yield();
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // The port is closed.
        }
    }

    /// <summary>Notes how many requests are under way when one is recorded.</summary>
    private sealed class UnderWayLog(TestGateway gateway) : IAccessLog
    {
        public int? UnderWay { get; private set; }

        public void Write(in AccessRecord record) => UnderWay = gateway.Snapshot.InFlight;
    }
}
