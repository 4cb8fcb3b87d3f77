using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>One connection to an origin, with what has been received and not yet read, and what has been written and not yet sent.</summary>
/// <remarks>One reader and one writer at a time, which may be two different ones.</remarks>
internal sealed class Http1Connection(Socket socket, long openedAt) : IDisposable
{
    private const int FirstSize = 8 * 1024;
    private const int FirstUnsent = 1024;

    /// <summary>Most bytes of a head, 1xx and trailers counted apart.</summary>
    public const int MaxHead = 64 * 1024;

    private ArrayBufferWriter<byte> _unsent = new(FirstUnsent);
    private byte[] _received = new byte[FirstSize];
    private int _start;
    private int _end;

    /// <summary>Time stamp of its opening.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Time stamp of the end of the last request.</summary>
    public long IdleSince { get; set; } = openedAt;

    /// <summary>Names and values of earlier answers, which are mostly those of the next.</summary>
    public FieldStrings Strings { get; } = new();

    /// <summary>Whether nothing has come that nobody asked for: neither bytes nor the end.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return _start == _end && !socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Bytes received and not yet consumed.</summary>
    public ReadOnlySpan<byte> Received => _received.AsSpan(_start, _end - _start);

    /// <summary>Where to write what is sent by <see cref="FlushAsync"/>.</summary>
    public IBufferWriter<byte> Unsent => _unsent;

    /// <summary>Bytes written and not yet sent.</summary>
    public int UnsentCount => _unsent.WrittenCount;

    /// <summary>Drops bytes from the beginning of <see cref="Received"/>.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Lets go of room that one large message needed. Only between requests.</summary>
    public void Trim()
    {
        if (_received.Length > FirstSize) _received = new byte[FirstSize];
        if (_unsent.Capacity > FirstSize) _unsent = new ArrayBufferWriter<byte>(FirstUnsent);
    }

    /// <summary>Waits for more of what is to be read as a whole; <see cref="Add"/> puts it behind what has been received.</summary>
    /// <returns>How many bytes; 0 at the end of the connection.</returns>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="HttpRequestException">There are <see cref="MaxHead"/> bytes already.</exception>
    public ValueTask<int> ReceiveMoreAsync(CancellationToken ct)
    {
        if (_end - _start >= MaxHead) throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "too long a head");
        if (_end == _received.Length) MakeRoom();
        return socket.ReceiveAsync(_received.AsMemory(_end), SocketFlags.None, ct);
    }

    /// <summary>Counts bytes that <see cref="ReceiveMoreAsync"/> has brought.</summary>
    public void Add(int count) => _end += count;

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
        var bytes = _unsent.WrittenMemory;
        _unsent.ResetWrittenCount(); // who writes waits until they are sent
        return bytes.IsEmpty ? ValueTask.CompletedTask : SendAsync(bytes, ct);
    }

    /// <summary>Sends bytes behind those that have been sent.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, ct)..];
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>What tells of a broken connection, whatever the socket has thrown.</summary>
    public static IOException Broken(Exception e) => new(e is SocketException ? e.Message : "the connection was closed", e);

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        ValueTask<int> receiving;
        try
        {
            receiving = socket.ReceiveAsync(buffer, SocketFlags.None, ct);
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException<int>(Broken(e));
        }

        return receiving.IsCompletedSuccessfully ? receiving : WaitAsync(receiving);
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

    private static bool IsBroken(Exception e) => e is SocketException or ObjectDisposedException;

    private void MakeRoom()
    {
        var received = Received;
        var target = received.Length > _received.Length / 2 ? new byte[_received.Length * 2] : _received;
        received.CopyTo(target);
        (_received, _start, _end) = (target, 0, received.Length);
    }
}
