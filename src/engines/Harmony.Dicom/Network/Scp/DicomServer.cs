using System.Net.Sockets;
using System.Net;
using Harmony.Dicom.Network.Transport;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A listener for an acceptor: plain sockets, or TLS. Nothing but the base library is needed.</summary>
public sealed class DicomServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly DicomServerOptions _options;
    private readonly DicomAcceptor _acceptor;
    private readonly Socket _listener;
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _stopListening = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<long, Task> _connections = [];
    private readonly Task _listening;
    private long _accepted;
    private TimeSpan _pause; // before the next try to take a connection; zero while they can be taken

    private DicomServer(DicomServerOptions options, DicomAcceptor acceptor)
    {
        (_options, _acceptor) = (options, acceptor);
        _free = new SemaphoreSlim(options.MaxConnections);
        _listener = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(options.EndPoint);
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Where it listens, with the port that was taken if 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens, and serves what comes until it is disposed.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static DicomServer Start(DicomServerOptions options, DicomAcceptor acceptor)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(acceptor);
        return new DicomServer(options, acceptor);
    }

    /// <summary>Takes no further connections, lets operations that are going on end, then closes.</summary>
    /// <param name="ct">Ends what is still going on at once.</param>
    public async Task StopAsync(CancellationToken ct = default)
    {
        await _stopListening.CancelAsync();
        _listener.Dispose();
        await _listening;
        try
        {
            await _acceptor.DrainAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The rest is ended below.
        }

        await _stop.CancelAsync();
        Task[] left;
        lock (_connections) left = [.. _connections.Values];
        await Task.WhenAll(left);
    }

    /// <summary>Ends everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _stopListening.Dispose();
        _stop.Dispose();
        _free.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stopListening.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopListening.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                if (!await AcceptAgainAsync(e)) return;
                continue;
            }

            _pause = TimeSpan.Zero;
            if (!_free.Wait(0))
            {
                socket.Dispose();
                continue;
            }

            var number = ++_accepted;
            lock (_connections) _connections.Add(number, Task.Run(() => ServeAsync(number, socket)));
        }
    }

    /// <summary>
    /// A connection that has gone before it was taken says nothing about the next. What is short on this machine (descriptors, memory) stays short for a
    /// while.
    /// </summary>
    private async ValueTask<bool> AcceptAgainAsync(Exception e)
    {
        if (e is SocketException { SocketErrorCode: SocketError.ConnectionAborted or SocketError.ConnectionReset }) return true;
        try
        {
            if (_pause == TimeSpan.Zero) Tell(e);
            _pause = _pause == TimeSpan.Zero ? FirstPause : 2 * _pause < LongestPause ? 2 * _pause : LongestPause;
            await Task.Delay(_pause, _acceptor.Options.TimeProvider, _stopListening.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Tell(Exception e)
    {
        try
        {
            _options.AcceptFailed?.Invoke(e);
        }
        catch (Exception)
        {
            // Where descriptors are short nothing much can be done, or said. The loop goes on.
        }
    }

    private async Task ServeAsync(long number, Socket socket)
    {
        try
        {
            using var handshake = new CancellationTokenSource(_options.HandshakeTimeout);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(handshake.Token, _stop.Token);
            await using var connection = await TcpConnection.AcceptAsync(socket, _options.Tls, either.Token);
            await _acceptor.RunAsync(connection.Connection, _stop.Token);
        }
        catch (Exception)
        {
            // No TLS came about, or something is short here: it never was a connection.
        }
        finally
        {
            socket.Dispose();
            lock (_connections) _connections.Remove(number);
            _free.Release();
        }
    }
}

/// <summary>
/// How many associations are open. Acceptors that follow one another, one for each configuration, share one: then their limit is one of all of them.
/// </summary>
public sealed class AssociationCount
{
    private int _value;

    /// <summary>How many there are now.</summary>
    public int Value => Volatile.Read(ref _value);

    /// <summary>Adds one, unless there are as many as there may be.</summary>
    internal bool TryAdd(int most)
    {
        if (Interlocked.Increment(ref _value) <= most) return true;
        Interlocked.Decrement(ref _value);
        return false;
    }

    internal void Remove() => Interlocked.Decrement(ref _value);
}
