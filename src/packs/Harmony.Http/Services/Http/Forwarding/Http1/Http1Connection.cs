using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Harmony.Core.Content;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>One connection to an origin, with what has been received and not yet read, and what has been written and not yet sent.</summary>
/// <remarks>One reader and one writer at a time, which may be two different ones. Everything that breaks throws an <see cref="IOException"/>.</remarks>
internal sealed class Http1Connection(OriginConnection origin, long openedAt, Action? onClosed = null) : IDisposable
{
    private const int FirstSize = 8 * 1024;
    private const int FirstUnsent = 1024;

    /// <summary>Most bytes of a head, 1xx and trailers counted apart.</summary>
    public const int MaxHead = 64 * 1024;

    private readonly Socket _socket = origin.Socket;
    private readonly SslStream? _tls = origin.Tls;
    private readonly PooledBuffer _unsent = new(FirstUnsent);
    private byte[] _received = [];
    private int _start;
    private int _end;
    private int _isClosed;
    private ValueTask<int> _expected; // begun by TryExpect
    private bool _isExpecting;

    /// <summary>Time stamp of its opening.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Time stamp of the end of the last request.</summary>
    public long IdleSince { get; set; } = openedAt;

    /// <summary>Whether a client has authenticated the connection itself (NTLM, Negotiate), so that only that client may use it again.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>Names and values of earlier responses, which are mostly those of the next.</summary>
    public FieldStrings Strings { get; } = new();

    /// <summary>Whether a request has been sent on it.</summary>
    public bool IsUsed { get; set; }

    /// <summary>
    /// Whether the connection is quiet: neither unsolicited bytes nor its end have come. Before the first request an origin may send tickets of TLS.
    /// </summary>
    public bool IsQuiet
    {
        get
        {
            if (!IsUsed && _tls is not null) return true;
            try
            {
                return _start == _end && !_socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Whether the connection is quiet, before a request is sent. The wait for the response begins here: bytes that are there already are unsolicited, or the
    /// end, and one system call tells that and is the first look for the response too, which hardly ever finds one, however near the origin is.
    /// </summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>False where the connection is of no use any more.</returns>
    [SuppressMessage("Reliability", "CA2012", Justification = "It is awaited once, by the next ReceiveMoreAsync, or never where the connection ends before.")]
    public bool TryExpect(CancellationToken ct)
    {
        if (!IsUsed) return IsQuiet;
        if (_start != _end) return false;
        if (_end == _received.Length) MakeRoom();
        _expected = BeginReceive(_received.AsMemory(_end), ct);
        _isExpecting = true;
        return !_expected.IsCompleted;
    }

    /// <summary>Bytes received and not yet consumed.</summary>
    public ReadOnlySpan<byte> Received => _received.AsSpan(_start, _end - _start);

    /// <summary>Where to write what is sent by <see cref="FlushAsync"/>.</summary>
    public IBufferWriter<byte> Unsent => _unsent;

    /// <summary>Bytes written and not yet sent.</summary>
    public int UnsentCount => _unsent.Count;

    /// <summary>Drops bytes from the beginning of <see cref="Received"/>.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Gives the memory for received bytes back, unless it holds some: a connection that is idle or waits does not need it.</summary>
    public void Rest()
    {
        if (_received.Length == 0 || _start < _end) return;
        ArrayPool<byte>.Shared.Return(_received);
        (_received, _start, _end) = ([], 0, 0);
    }

    /// <summary>Waits until there is something to read, or the end, without holding any memory for it.</summary>
    /// <returns>0.</returns>
    public ValueTask<int> WaitAsync(CancellationToken ct)
    {
        if (_start < _end) return new ValueTask<int>(0);
        Rest();
        return ReceiveAsync(Memory<byte>.Empty, ct);
    }

    /// <summary>Waits for more of what is to be read as a whole, and puts it behind what has been received.</summary>
    /// <returns>How many bytes; 0 at the end of the connection.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="HttpRequestException">There are <see cref="MaxHead"/> bytes already.</exception>
    public ValueTask<int> ReceiveMoreAsync(CancellationToken ct)
    {
        if (_end - _start >= MaxHead) throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "too long a head");
        if (!_isExpecting && _end == _received.Length) MakeRoom();
        var receiving = _isExpecting ? _expected : BeginReceive(_received.AsMemory(_end), ct);
        _isExpecting = false;
        if (!receiving.IsCompletedSuccessfully) return AddAsync(receiving);
        var read = receiving.Result;
        _end += read;
        return new ValueTask<int>(read);
    }

    /// <summary>Reads bytes of a body: those that are here, else from the wire without another copy.</summary>
    /// <returns>0 at the end of the connection.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_start == _end) return ReceiveAsync(buffer, ct);
        var count = Math.Min(buffer.Length, _end - _start);
        _received.AsSpan(_start, count).CopyTo(buffer.Span);
        Consume(count);
        return new ValueTask<int>(count);
    }

    /// <summary>Sends what has been written.</summary>
    public ValueTask FlushAsync(CancellationToken ct)
    {
        if (_unsent.Count == 0) return ValueTask.CompletedTask;
        var sending = SendAsync(_unsent.WrittenMemory, ct);
        if (!sending.IsCompletedSuccessfully) return EndFlushAsync(sending);
        _unsent.Dispose();
        return sending;
    }

    /// <summary>Sends bytes behind those that have been sent.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            if (_tls is not null) await _tls.WriteAsync(bytes, ct);
            else while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, ct)..];
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>Tells the origin that nothing more follows; what the origin sends is still read.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask EndSendingAsync()
    {
        try
        {
            if (_tls is not null) await _tls.ShutdownAsync(); // close_notify ends one direction (RFC 8446 §6.1)
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>Closes with a reset, so that the origin does not take what it got for the whole.</summary>
    public void Reset()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // Closed already.
        }

        Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        origin.Dispose();
        onClosed?.Invoke();
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var receiving = BeginReceive(buffer, ct);
        return receiving.IsCompletedSuccessfully ? receiving : WaitAsync(receiving);
    }

    private ValueTask<int> BeginReceive(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return _tls is null ? _socket.ReceiveAsync(buffer, SocketFlags.None, ct) : _tls.ReadAsync(buffer, ct);
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask EndFlushAsync(ValueTask sending)
    {
        try
        {
            await sending;
        }
        finally
        {
            _unsent.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> WaitAsync(ValueTask<int> receiving)
    {
        try
        {
            return await receiving;
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>By itself, and not around <see cref="WaitAsync(ValueTask{int})"/>, because each awaiting method costs.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AddAsync(ValueTask<int> receiving)
    {
        try
        {
            var read = await receiving;
            _end += read;
            return read;
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    private static bool IsBroken(Exception e) => e is SocketException or ObjectDisposedException or IOException or InvalidOperationException;

    /// <summary>What tells of a broken connection, whatever the socket or TLS has thrown.</summary>
    private static IOException Broken(Exception e) => (e.InnerException as SocketException ?? e) is SocketException cause
        ? new IOException(cause.Message, e)
        : new IOException("the connection was closed", e);

    private void MakeRoom()
    {
        var received = Received;
        var isRoomBehind = _received.Length > 0 && received.Length <= _received.Length / 2;
        var target = isRoomBehind ? _received : ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, 2 * _received.Length));
        received.CopyTo(target);
        if (!isRoomBehind && _received.Length > 0) ArrayPool<byte>.Shared.Return(_received);
        (_received, _start, _end) = (target, 0, received.Length);
    }
}
