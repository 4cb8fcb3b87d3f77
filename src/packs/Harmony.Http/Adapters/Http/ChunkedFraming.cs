using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// Chunked transfer coding written by us (RFC 9112 §7.1), because Kestrel's own has no trailer section in HTTP/1.1. Used only for
/// answers that announce trailers.
/// </summary>
internal sealed class ChunkedFraming
{
    private const int MaxSizeLine = 10; // eight hexadecimal digits and the line's end

    private readonly PipeWriter _writer;

    private ChunkedFraming(PipeWriter writer) => _writer = writer;

    /// <summary>Whether the answer announces trailers on a connection where Kestrel cannot send them.</summary>
    public static bool IsNeeded(HttpExchange exchange, ResponseEnvelope response)
        => response.Trailers is not null
        && response.Body.Length is null
        && exchange.ResponseTrailers is null
        && exchange.Request.Protocol == "HTTP/1.1"
        && response.Headers.Contains("trailer");

    /// <summary>Takes the framing from Kestrel, which leaves an answer alone that says to be chunked.</summary>
    public static ChunkedFraming Begin(HttpExchange exchange, PipeWriter writer)
    {
        exchange.Response.Headers.TransferEncoding = "chunked";
        return new ChunkedFraming(writer);
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return; // an empty chunk is the end
        var line = _writer.GetSpan(MaxSizeLine);
        Utf8Formatter.TryFormat(data.Length, line, out var digits, 'x');
        "\r\n"u8.CopyTo(line[digits..]);
        _writer.Advance(digits + 2);
        _writer.Write(data);
        _writer.Write("\r\n"u8);
    }

    public void WriteEnd(HeaderFields? trailers)
    {
        _writer.Write("0\r\n"u8);
        foreach (var field in trailers ?? [])
        {
            if (field.Value.AsSpan().ContainsAny('\r', '\n', '\0')) continue;
            _writer.Write(Encoding.Latin1.GetBytes($"{field.Name}: {field.Value}\r\n"));
        }

        _writer.Write("\r\n"u8);
    }
}
