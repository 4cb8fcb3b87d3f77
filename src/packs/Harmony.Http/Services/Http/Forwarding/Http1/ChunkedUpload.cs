using System.Buffers;
using System.Globalization;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

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
