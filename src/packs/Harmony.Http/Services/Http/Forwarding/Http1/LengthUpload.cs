using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

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
