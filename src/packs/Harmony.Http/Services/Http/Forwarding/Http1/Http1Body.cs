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
    private bool _hasEnded;
    private HeaderFields? _trailers;

    public override bool HasEnded => _hasEnded;

    public override HeaderFields? Trailers => _trailers;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasEnded) return new ValueTask<int>(0);
        return buffer.IsEmpty ? connection.WaitAsync(cancellationToken) : ReadChunkAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> ReadChunkAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_remaining == 0 && !await NextChunkAsync(ct)) return 0;
        var read = await connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], ct);
        if (read == 0) throw BrokenOff();
        _remaining -= read;
        return read;
    }

    /// <summary>Reads the end of one chunk and the size of the next; the last has none, and trailers.</summary>
    private async ValueTask<bool> NextChunkAsync(CancellationToken ct)
    {
        if (_isInChunk) await SkipLineEndAsync(ct);
        int consumed;
        while (!TryReadSize(connection.Received, out _remaining, out consumed)) await MoreAsync(ct);
        connection.Consume(consumed);
        _isInChunk = _remaining > 0;
        if (_isInChunk) return true;
        while (!TryReadTrailers(connection.Received, out consumed)) await MoreAsync(ct);
        connection.Consume(consumed);
        return !(_hasEnded = true);
    }

    private async ValueTask SkipLineEndAsync(CancellationToken ct)
    {
        while (connection.Received.Length < 2) await MoreAsync(ct);
        if (!connection.Received.StartsWith("\r\n"u8)) throw new IOException("a chunk that is longer than its size");
        connection.Consume(2);
    }

    private async ValueTask MoreAsync(CancellationToken ct)
    {
        if (await connection.ReceiveMoreAsync(ct) == 0) throw BrokenOff();
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
