using System.Net;
using System.Net.Sockets;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// The idle connections to one origin. The one used last is used next, so that a burst's surplus grows old and is closed. There is no
/// upper limit: how many requests run at once is the listeners' business.
/// </summary>
internal sealed class Http1Pool : IDisposable
{
    /// <summary>An origin closes what has been idle for long, most after 60 to 75 s: be first.</summary>
    private static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(55);

    /// <summary>A name that moves to another address is found again within this time.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(15);

    private readonly EndPoint _endPoint;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly List<Http1Connection> _idle = [];
    private readonly ITimer _sweep;
    private bool _isSweeping;
    private bool _isDisposed;

    /// <param name="origin">Where connections go.</param>
    /// <param name="connectTimeout">How long one may take to come about.</param>
    /// <param name="clock">Tells the time.</param>
    public Http1Pool(Uri origin, TimeSpan connectTimeout, TimeProvider clock)
    {
        (_connectTimeout, _clock) = (connectTimeout, clock);
        Authority = origin.Authority;
        _endPoint = IPAddress.TryParse(origin.DnsSafeHost, out var address) ? new IPEndPoint(address, origin.Port) : new DnsEndPoint(origin.IdnHost, origin.Port);
        _sweep = clock.CreateTimer(static pool => ((Http1Pool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Host and port, for messages.</summary>
    public string Authority { get; }

    /// <summary>A connection that was used before and is still good; null when there is none.</summary>
    public Http1Connection? TryRent()
    {
        while (TryTake() is { } connection)
        {
            if (!HasExpired(connection) && connection.IsQuiet) return connection;
            connection.Dispose();
        }

        return null;
    }

    /// <summary>Makes a connection.</summary>
    /// <exception cref="HttpRequestException">The name is not known, or nobody takes connections there.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or <paramref name="ct"/> tripped.</exception>
    public async ValueTask<Http1Connection> ConnectAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(_connectTimeout);
        var socket = _endPoint is IPEndPoint { AddressFamily: var family } ? new Socket(family, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            TargetSocket.Prepare(socket);
            await socket.ConnectAsync(_endPoint, deadline.Token);
            return new Http1Connection(socket, _clock.GetTimestamp());
        }
        catch (SocketException e)
        {
            socket.Dispose();
            var isName = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery;
            throw new HttpRequestException(isName ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, $"{e.Message} ({Authority})", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes back a connection that is ready for another request.</summary>
    public void Return(Http1Connection connection)
    {
        connection.Trim();
        connection.IdleSince = _clock.GetTimestamp();
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _idle.Add(connection);
                if (!_isSweeping) SweepLater();
                return;
            }
        }

        connection.Dispose();
    }

    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock) _isDisposed = true;
        while (TryTake() is { } connection) connection.Dispose();
    }

    private Http1Connection? TryTake()
    {
        lock (_lock)
        {
            if (_idle.Count == 0) return null;
            var connection = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return connection;
        }
    }

    private bool HasExpired(Http1Connection connection)
        => _clock.GetElapsedTime(connection.IdleSince) > MaxIdle || _clock.GetElapsedTime(connection.OpenedAt) > MaxAge;

    private void SweepLater()
    {
        _isSweeping = true;
        _sweep.Change(SweepInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Closes what nobody has needed for a while, and what the origin has closed.</summary>
    private void Sweep()
    {
        List<Http1Connection> old;
        lock (_lock)
        {
            old = _idle.FindAll(c => HasExpired(c) || !c.IsQuiet);
            if (old.Count > 0) _idle.RemoveAll(old.Contains);
            _isSweeping = false;
            if (_idle.Count > 0) SweepLater();
        }

        foreach (var connection in old) connection.Dispose();
    }
}
