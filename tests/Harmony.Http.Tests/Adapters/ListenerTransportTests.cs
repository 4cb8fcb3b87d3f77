using System.Net;
using System.Net.Sockets;
using Harmony.Http.Adapters;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Tests.Adapters;

public sealed class ListenerTransportTests : IDisposable
{
    private const int CannotAccept = 1310;

    private readonly TestTimeProvider _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly Queue<Exception?> _outcomes = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly PatientAccept _accept;

    public ListenerTransportTests() => _accept = new PatientAccept(AcceptAsync, new IPEndPoint(IPAddress.Loopback, 80), _clock, _log.CreateLogger("harmony"));

    public void Dispose()
    {
        _socket.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Accept_WithoutDescriptors_WaitsLongerEachTimeUpToASecondAndSaysSoOnce()
    {
        Fail(12, SocketError.TooManyOpenSockets);
        var next = _accept.NextAsync(Guard.Token).AsTask();
        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000, 1000], await PausesAsync(12));
        Assert.Same(_socket, await next.Guarded());
        var line = Assert.Single(_log.Lines, l => l.EventId == CannotAccept);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains("127.0.0.1:80 cannot be accepted: no file descriptors are left", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_AfterASuccess_BeginsWithAShortPauseAgain()
    {
        Fail(3, SocketError.NoBufferSpaceAvailable);
        var first = _accept.NextAsync(Guard.Token).AsTask();
        await PausesAsync(3);
        await first.Guarded();
        Fail(1, SocketError.NoBufferSpaceAvailable);
        var second = _accept.NextAsync(Guard.Token).AsTask();
        Assert.Equal([10], await PausesAsync(1));
        await second.Guarded();
        Assert.Single(_log.Lines, l => l.EventId == CannotAccept);
    }

    [Fact]
    public async Task Accept_ShortAgainAMinuteLater_IsSaidAgain()
    {
        for (var i = 0; i < 2; i++)
        {
            Fail(1, SocketError.TooManyOpenSockets);
            var next = _accept.NextAsync(Guard.Token).AsTask();
            await PausesAsync(1);
            await next.Guarded();
            _clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(2, _log.Lines.Count(l => l.EventId == CannotAccept));
    }

    [Fact]
    public async Task Accept_OfAClientThatHasGone_TakesTheNextAtOnce()
    {
        Fail(3, SocketError.ConnectionAborted);
        Assert.Same(_socket, await _accept.NextAsync(Guard.Token).AsTask().Guarded());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Accept_SocketClosedDuringAPause_Ends()
    {
        Fail(1, SocketError.TooManyOpenSockets);
        _outcomes.Enqueue(new ObjectDisposedException("socket"));
        var next = _accept.NextAsync(Guard.Token).AsTask();
        await PausesAsync(1);
        Assert.Null(await next.Guarded());
    }

    private async Task<List<double>> PausesAsync(int count)
    {
        var pauses = new List<double>();
        for (var i = 0; i < count; i++)
        {
            pauses.Add((await _clock.TimerAsync(due => due <= TimeSpan.FromSeconds(2))).TotalMilliseconds);
            _clock.Advance(TimeSpan.FromMilliseconds(pauses[^1]));
        }

        return pauses;
    }

    private void Fail(int times, SocketError error)
    {
        for (var i = 0; i < times; i++) _outcomes.Enqueue(new SocketException((int)error));
    }

    private ValueTask<Socket> AcceptAsync(CancellationToken ct)
        => _outcomes.TryDequeue(out var failure) && failure is not null ? ValueTask.FromException<Socket>(failure) : ValueTask.FromResult(_socket);
}
