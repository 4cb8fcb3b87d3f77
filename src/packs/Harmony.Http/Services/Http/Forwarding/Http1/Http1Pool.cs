using Harmony.Core.Envelope;
using Harmony.Core.Runtime;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>
/// The connections to one origin. The idle one that was used last is used next, so that a burst's surplus grows old and is closed. Where their number is
/// limited, requests wait for one in the order of their arrival.
/// </summary>
internal sealed class Http1Pool : IDisposable
{
    /// <summary>An origin closes what has been idle for long, most after 60 to 75 s: be first.</summary>
    private static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(55);

    /// <summary>A name that moves to another address is found again within this time.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _clock;
    private readonly int _most;
    private readonly Lock _lock = new();
    private readonly List<Http1Connection> _idle = [];
    private readonly LinkedList<TaskCompletionSource<Http1Connection?>> _waiting = [];
    private readonly SafeTimer _sweep;
    private readonly Action _onClosed;
    private int _open;
    private bool _isSweeping;
    private bool _isDisposed;

    /// <param name="clock">Tells the time.</param>
    /// <param name="most">Most connections that are open at once; 0 for any number.</param>
    public Http1Pool(TimeProvider clock, int most = 0)
    {
        (_clock, _most, _onClosed) = (clock, most, Closed);
        _sweep = new SafeTimer(Sweep, clock);
    }

    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>Connections that are open, idle ones included.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>A connection that was used before and is still good: the one that belongs to this client, else any; null when there is none.</summary>
    /// <param name="client">Whose request it is for.</param>
    /// <param name="ct">Ends the wait for the response, which begins here (<see cref="Http1Connection.TryExpect"/>).</param>
    public Http1Connection? TryRent(IConnectionScope? client, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested(); // else no connection could begin to wait, and all would look bad
        if (client?.Take(this) is Http1Connection own)
        {
            if (!HasExpired(own) && own.TryExpect(ct)) return own;
            own.Dispose();
        }

        while (TryTake() is { } connection)
        {
            if (!HasExpired(connection) && connection.TryExpect(ct)) return connection;
            connection.Dispose();
            ct.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>Waits until another connection may be opened, or one has come back.</summary>
    /// <param name="mayExceed">Whether one more than the limit may be opened.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>
    /// A connection that was used before; null where the caller opens one, by <see cref="Opened"/>, or says that it did not, by <see cref="NotOpened"/>.
    /// </returns>
    public ValueTask<Http1Connection?> ReserveAsync(bool mayExceed, CancellationToken ct)
    {
        LinkedListNode<TaskCompletionSource<Http1Connection?>> waiting;
        lock (_lock)
        {
            if (mayExceed || _most == 0 || _open < _most)
            {
                _open++;
                return default;
            }

            waiting = _waiting.AddLast(new TaskCompletionSource<Http1Connection?>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return WaitAsync(waiting, ct);
    }

    /// <summary>Makes a connection of the pool of one that was opened.</summary>
    public Http1Connection Opened(OriginConnection origin) => new(origin, _clock.GetTimestamp(), _onClosed);

    /// <summary>Gives the room of a reserved connection to others.</summary>
    public void NotOpened() => Closed();

    /// <summary>Takes back a connection that is ready for another request.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="client">Whose request it was. A connection that this client has authenticated is kept for it alone, or closed.</param>
    public void Return(Http1Connection connection, IConnectionScope? client)
    {
        connection.Rest();
        connection.IdleSince = _clock.GetTimestamp();
        if (connection.IsAuthenticated)
        {
            if (client is null) connection.Dispose();
            else client.Keep(this, connection);
            return;
        }

        TaskCompletionSource<Http1Connection?>? next;
        lock (_lock)
        {
            next = Next();
            if (next is null && !_isDisposed)
            {
                _idle.Add(connection);
                if (!_isSweeping) SweepLater();
                return;
            }
        }

        if (next is null) connection.Dispose();
        else next.SetResult(connection);
    }

    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock) _isDisposed = true;
        while (TryTake() is { } connection) connection.Dispose();
    }

    private async ValueTask<Http1Connection?> WaitAsync(LinkedListNode<TaskCompletionSource<Http1Connection?>> waiting, CancellationToken ct)
    {
        try
        {
            return await waiting.Value.Task.WaitAsync(ct);
        }
        catch
        {
            bool isServed;
            lock (_lock)
            {
                isServed = waiting.List is null;
                if (!isServed) _waiting.Remove(waiting);
            }

            if (!isServed) throw;
            if (await waiting.Value.Task is { } connection) Return(connection, client: null);
            else NotOpened();
            throw;
        }
    }

    /// <summary>The one that has waited longest; taken out. Within the lock.</summary>
    private TaskCompletionSource<Http1Connection?>? Next()
    {
        if (_waiting.First is not { } first) return null;
        _waiting.RemoveFirst();
        return first.Value;
    }

    private void Closed()
    {
        TaskCompletionSource<Http1Connection?>? next;
        lock (_lock)
        {
            next = _most > 0 && _open > _most ? null : Next();
            if (next is null) _open--; // else the room goes to the one that waits
        }

        next?.SetResult(null);
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
    {
        var now = _clock.GetTimestamp();
        return _clock.GetElapsedTime(connection.IdleSince, now) > MaxIdle || _clock.GetElapsedTime(connection.OpenedAt, now) > MaxAge;
    }

    private void SweepLater()
    {
        _isSweeping = true;
        _sweep.Set(SweepInterval);
    }

    /// <summary>
    /// Closes connections that have not been needed for a while, and those that the origin has closed. Asks the system outside the lock, which every request
    /// needs.
    /// </summary>
    private void Sweep()
    {
        Http1Connection[] idle;
        lock (_lock) idle = [.. _idle];
        var bad = idle.Where(c => HasExpired(c) || !c.IsQuiet).ToHashSet();
        var closed = new List<Http1Connection>();
        lock (_lock)
        {
            // One that has been taken meanwhile is judged by its taker.
            if (bad.Count > 0) _idle.RemoveAll(c => bad.Contains(c) && Collect(c));
            _isSweeping = false;
            if (_idle.Count > 0 && !_isDisposed) SweepLater();
        }

        foreach (var connection in closed) connection.Dispose();

        bool Collect(Http1Connection connection)
        {
            closed.Add(connection);
            return true;
        }
    }
}
