using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using Harmony.Core.Envelope;
using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// The TCP connection of a client, below TLS and HTTP. Kestrel takes the client's FIN for the end of the connection and drops the response, although a FIN says
/// only that no more requests follow (RFC 9112 §9.6). This connection therefore reports its end to Kestrel when both directions have ended, and can end the
/// direction to the client alone, which a tunnel needs.
/// </summary>
/// <remarks>Works on Linux, where the system tells the state of a connection; elsewhere a FIN ends the connection as Kestrel does it.</remarks>
internal sealed class ClientConnection : IConnectionScope, IDisposable
{
    private const int LevelOfTcp = 6; // IPPROTO_TCP
    private const int TcpInfo = 11; // TCP_INFO of Linux
    private const int Established = 1; // TCP_ESTABLISHED
    private const int CloseWait = 8; // TCP_CLOSE_WAIT: the other side has sent its FIN, this side has not
    private const int AckedOffset = 120; // tcpi_bytes_acked of struct tcp_info

    /// <summary>How often a half-closed connection is looked at: nothing tells when the client goes altogether.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Seconds between probes of a half-closed connection. A client that has gone answers them by a reset within about a minute.</summary>
    private const int ProbeSecs = 10;

    private readonly ConnectionContext _context;
    private readonly Socket? _socket;
    private readonly CountingWriter? _output;
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _lock = new();
    private Dictionary<object, IDisposable>? _kept;
    private SafeTimer? _watch;
    private bool _isDisposed;

    private ClientConnection(ConnectionContext context, bool isPlain)
    {
        _context = context;
        if (!OperatingSystem.IsLinux() || context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket) return;
        _socket = socket;
        var ended = context.ConnectionClosed;
        context.ConnectionClosed = _gone.Token;
        _registration = ended.UnsafeRegister(static me => ((ClientConnection)me!).OnEnded(), this);
        if (!isPlain) return;
        _output = new CountingWriter(context.Transport.Output);
        context.Transport = new ClientTransport(context.Transport.Input, _output);
    }

    /// <summary>Whether the client has ended its direction and still takes responses.</summary>
    public bool IsHalfClosed => StateOf() == CloseWait;

    /// <summary>Whether nothing more comes from the client: its direction has ended, or the connection has, for whatever reason.</summary>
    public bool IsUnheard => _socket is not null && StateOf() != Established;

    /// <summary>Makes the connections of a listener such connections; they are a feature of their requests. Below TLS, so that this comes before TLS.</summary>
    public static void Use(ListenOptions listen, bool isPlain) => listen.Use(next => async context =>
    {
        using var connection = new ClientConnection(context, isPlain);
        context.Features.Set(connection);
        await next(context);
    });

    /// <summary>
    /// Ends the direction to the client when the client has received everything that was written. Later writes are lost.
    /// </summary>
    /// <param name="ct">Ends the wait for the client.</param>
    /// <returns>Whether the direction has ended; if not, it ends with the connection.</returns>
    public async ValueTask<bool> TryEndSendingAsync(CancellationToken ct)
    {
        if (_context.Features.Get<ISslStreamFeature>() is { SslStream: { } tls })
        {
            await tls.ShutdownAsync(); // RFC 8446 §6.1: ends one direction
            return true;
        }

        if (_output is null) return false;
        for (var wait = 1; await IsUnderWayAsync(wait, ct); wait = Math.Min(2 * wait, 100))
        {
        }

        try
        {
            _socket!.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public IDisposable? Take(object key)
    {
        lock (_lock) return _kept is not null && _kept.Remove(key, out var value) ? value : null;
    }

    public void Keep(object key, IDisposable value)
    {
        lock (_lock)
        {
            if (!_isDisposed && (_kept ??= []).TryAdd(key, value)) return;
        }

        value.Dispose();
    }

    public void Dispose()
    {
        _registration.Dispose();
        Dictionary<object, IDisposable>? kept;
        SafeTimer? watch;
        lock (_lock) (_isDisposed, kept, watch) = (true, _kept, _watch);
        watch?.Dispose();
        if (kept is null) return;
        foreach (var value in kept.Values) value.Dispose();
    }

    private void OnEnded()
    {
        if (!IsHalfClosed || !TryWatch()) _gone.Cancel();
    }

    private bool TryWatch()
    {
        lock (_lock)
        {
            if (_isDisposed) return false;
            _watch = new SafeTimer(Look, TimeProvider.System);
        }

        try
        {
            _socket!.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeSecs);
            _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSecs);
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }

        _watch.Set(WatchInterval, WatchInterval);
        return true;
    }

    private void Look()
    {
        if (IsHalfClosed) return;
        _watch!.Clear();
        _gone.Cancel();
    }

    /// <summary>
    /// Waits while bytes are on their way to the client: those that Kestrel's pipe still holds, and those that the client has not acknowledged.
    /// </summary>
    private async ValueTask<bool> IsUnderWayAsync(int milliseconds, CancellationToken ct)
    {
        if (!TryReadInfo(AckedOffset + sizeof(long), out var info) || info[0] is not (Established or CloseWait)) return false;
        if (BinaryPrimitives.ReadInt64LittleEndian(info.AsSpan(AckedOffset)) >= _output!.Written) return false;
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), ct);
        return true;
    }

    private int StateOf() => TryReadInfo(1, out var info) ? info[0] : 0;

    private bool TryReadInfo(int length, out byte[] info)
    {
        info = new byte[length];
        try
        {
            return _socket is not null && _socket.GetRawSocketOption(LevelOfTcp, TcpInfo, info) == length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Counts what is written: only with that number can the system be asked whether the client has got all of it.</summary>
    private sealed class CountingWriter(PipeWriter inner) : PipeWriter
    {
        private long _written;

        public long Written => Volatile.Read(ref _written);

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            Volatile.Write(ref _written, _written + bytes);
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Volatile.Write(ref _written, _written + source.Length);
            return inner.WriteAsync(source, cancellationToken);
        }
    }
}
