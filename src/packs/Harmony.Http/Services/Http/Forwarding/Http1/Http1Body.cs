using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>An answer on a connection of ours.</summary>
internal sealed class Http1Answer : TargetAnswer
{
    private readonly Http1Exchange _exchange;
    private readonly ResponseHead _head;
    private readonly Http1Body _body;
    private bool _isDisposed;

    [SetsRequiredMembers]
    public Http1Answer(Http1Exchange exchange, ResponseHead head, Http1Body body)
    {
        (_exchange, _head, _body) = (exchange, head, body);
        (Status, Fields, Body) = (head.Status, head.Fields, body);
    }

    public override HeaderFields? ReadTrailers() => _body.Trailers;

    public override ValueTask DisposeAsync()
    {
        if (_isDisposed) return ValueTask.CompletedTask;
        _isDisposed = true;
        return _exchange.EndAsync(_head, _body.HasEnded);
    }
}

/// <summary>The body of an answer, by the framing that its head declares (RFC 9112 §6.3).</summary>
internal abstract class Http1Body : AsyncReadStream
{
    /// <summary>Whether all of it has been read, so that the connection stands at the beginning of another answer.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>The fields behind it that are for the client; null when there are none.</summary>
    public virtual HeaderFields? Trailers => null;

    /// <summary>What to throw when the connection ends too early.</summary>
    protected static IOException BrokenOff() => new("the connection was closed before the end of the response");
}

/// <summary>A body of a declared length.</summary>
internal sealed class LengthBody(Http1Connection connection, long length) : Http1Body
{
    private long _remaining = length;

    public override bool HasEnded => _remaining == 0;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0) return new ValueTask<int>(0);
        if (buffer.IsEmpty) return connection.WaitAsync(cancellationToken);
        var reading = connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], cancellationToken);
        if (!reading.IsCompletedSuccessfully) return WaitAsync(reading);
        var read = reading.Result;
        if (read == 0) return ValueTask.FromException<int>(BrokenOff());
        _remaining -= read;
        return new ValueTask<int>(read);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading)
    {
        var read = await reading;
        if (read == 0) throw BrokenOff();
        _remaining -= read;
        return read;
    }
}

/// <summary>A body in chunks (RFC 9112 §7.1). What is passed on is chunked anew, so extensions are dropped.</summary>
internal sealed class ChunkedBody(Http1Connection connection) : Http1Body
{
    /// <summary>Longer than any size with an extension in use.</summary>
    private const int MaxSizeLine = 1024;

    /// <summary>Hexadecimal digits of a size: 2^60 bytes and more are no chunk.</summary>
    private const int MaxDigits = 15;

    private long _remaining;
    private bool _isInChunk;
    private bool _isInTrailers;
    private bool _hasEnded;
    private HeaderFields? _trailers;

    public override bool HasEnded => _hasEnded;

    public override HeaderFields? Trailers => _trailers;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasEnded) return new ValueTask<int>(0);
        return buffer.IsEmpty ? WaitForChunkAsync(cancellationToken) : ReadChunkAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> ReadChunkAsync(Memory<byte> buffer, CancellationToken ct)
    {
        while (_remaining == 0 && !TryReadFraming())
        {
            if (await connection.ReceiveMoreAsync(ct) == 0) throw BrokenOff();
        }

        if (_hasEnded) return 0;
        var read = await connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], ct);
        if (read == 0) throw BrokenOff();
        _remaining -= read;
        return read;
    }

    /// <summary>
    /// Waits for bytes of the body without holding any memory. Framing does not count: the line end behind a chunk, left on the wire, would pass for something
    /// to read, and the reader would wait for the next chunk with a buffer.
    /// </summary>
    /// <returns>0.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitForChunkAsync(CancellationToken ct)
    {
        while (_remaining == 0 && !TryReadFraming())
        {
            await connection.WaitAsync(ct);
            if (await connection.ReceiveMoreAsync(ct) == 0) throw BrokenOff();
        }

        return _hasEnded ? 0 : await connection.WaitAsync(ct);
    }

    /// <summary>Reads what stands between chunks, as far as it has been received: the end of one, the size of the next, the trailers behind the last.</summary>
    /// <returns>False when more must be received.</returns>
    private bool TryReadFraming()
    {
        if (_isInChunk)
        {
            if (connection.Received.Length < 2) return false;
            if (!connection.Received.StartsWith("\r\n"u8)) throw new IOException("a chunk that is longer than its size");
            connection.Consume(2);
            _isInChunk = false;
        }

        int consumed;
        if (!_isInTrailers)
        {
            if (!TryReadSize(connection.Received, out _remaining, out consumed)) return false;
            connection.Consume(consumed);
            (_isInChunk, _isInTrailers) = (_remaining > 0, _remaining == 0);
            if (_isInChunk) return true;
        }

        if (!TryReadTrailers(connection.Received, out consumed)) return false;
        connection.Consume(consumed);
        return _hasEnded = true;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> received, out long size, out int consumed)
    {
        (size, consumed) = (0, 0);
        var end = received.IndexOf((byte)'\n');
        if (end < 0 && received.Length <= MaxSizeLine) return false;
        // A lone LF, or a size that is not one, would mean something else to others.
        var isLine = end is > 1 and <= MaxSizeLine && received[end - 1] == '\r';
        if (!isLine || !Utf8Parser.TryParse(received[..end], out size, out var digits, 'x') || digits > MaxDigits
            || received[digits] is not ((byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t'))
        {
            throw new IOException("a chunk without a size");
        }

        consumed = end + 1;
        return true;
    }

    private bool TryReadTrailers(ReadOnlySpan<byte> received, out int consumed)
    {
        consumed = 0;
        var isEmpty = received.StartsWith("\r\n"u8);
        if (!isEmpty && !FieldLines.HasWholeHead(received)) return false;
        var lines = new FieldLines(received);
        while (lines.TryNextField(out var name, out var value, out var folded))
        {
            var text = Encoding.Latin1.GetString(name);
            if (AnswerFields.IsTrailerForClient(text)) (_trailers ??= new HeaderFields(4)).Add(text, folded ?? Encoding.Latin1.GetString(value));
        }

        consumed = lines.Position;
        return true;
    }
}

/// <summary>A body that ends with its connection.</summary>
internal sealed class UntilCloseBody(Http1Connection connection) : Http1Body
{
    /// <summary>Never: nothing can follow.</summary>
    public override bool HasEnded => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => buffer.IsEmpty ? connection.WaitAsync(cancellationToken) : connection.ReadAsync(buffer, cancellationToken);
}
