using System.Buffers;
using System.Globalization;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>Frames the body of a request. What is short goes out together with what stands before it.</summary>
internal abstract class Http1Upload(Http1Connection connection) : Stream
{
    /// <summary>Bytes to copy rather than to send in another packet.</summary>
    private const int Short = 64 * 1024;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    protected Http1Connection Connection => connection;

    /// <summary>Sends what ends the body.</summary>
    /// <param name="trailers">Fields to follow it, where its framing has a place for them; null for none.</param>
    /// <param name="ct">Ends the sending.</param>
    /// <exception cref="IOException">It is shorter than declared, or the connection broke.</exception>
    public abstract ValueTask EndAsync(HeaderFields? trailers, CancellationToken ct);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("written only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    public override void Flush() => throw new NotSupportedException("flush asynchronously");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Sends what has been written and these bytes behind it.</summary>
    protected async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (connection.UnsentCount > 0 && bytes.Length <= Short)
        {
            connection.Unsent.Write(bytes.Span);
            bytes = default;
        }

        await connection.FlushAsync(ct);
        if (!bytes.IsEmpty) await connection.SendAsync(bytes, ct);
    }
}

/// <summary>A body of a declared length.</summary>
internal sealed class LengthUpload(Http1Connection connection, long length) : Http1Upload(connection)
{
    private long _remaining = length;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // More would be read as the beginning of another request.
        if ((_remaining -= buffer.Length) < 0) throw new IOException("the body is longer than declared");
        return SendAsync(buffer, cancellationToken);
    }

    public override ValueTask EndAsync(HeaderFields? trailers, CancellationToken ct)
    {
        if (_remaining > 0) throw new InvalidOperationException("the body is shorter than declared");
        return Connection.FlushAsync(ct);
    }
}

/// <summary>A body in chunks (RFC 9112 §7.1), for want of a length.</summary>
internal sealed class ChunkedUpload(Http1Connection connection) : Http1Upload(connection)
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return; // an empty chunk is the last
        buffer.Length.TryFormat(Connection.Unsent.GetSpan(8), out var digits, "x", CultureInfo.InvariantCulture);
        Connection.Unsent.Advance(digits);
        Connection.Unsent.Write("\r\n"u8);
        Connection.Unsent.Write(buffer.Span);
        Connection.Unsent.Write("\r\n"u8);
        await Connection.FlushAsync(cancellationToken);
    }

    public override ValueTask EndAsync(HeaderFields? trailers, CancellationToken ct)
    {
        Connection.Unsent.Write("0\r\n"u8);
        if (trailers is not null) RequestHead.WriteTrailers(Connection.Unsent, trailers);
        Connection.Unsent.Write("\r\n"u8);
        return Connection.FlushAsync(ct);
    }
}
