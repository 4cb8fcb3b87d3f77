using System.Buffers.Text;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Adapters.Http;

/// <summary>Writes an answer to the client: status, fields, body with back-pressure, trailers.</summary>
internal static class ResponseWriter
{
    /// <summary>Bytes to gather before they are sent though more are coming.</summary>
    private const int Enough = 64 * 1024;

    /// <summary>Enough for Kestrel to put what has been written into frames of HTTP/2 or HTTP/3.</summary>
    private static readonly TimeSpan TimeToFrame = TimeSpan.FromMilliseconds(20);

    public static ValueTask WriteAsync(HttpExchange exchange, ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Refusal is { } refusal)
        {
            exchange.AnswerEmpty(FaultStatuses.Of(refusal));
            exchange.Reason = refusal.Reason;
            foreach (var field in refusal.Fields) exchange.Response.Headers.Append(field.Name, field.Value);
            return WriteContentAsync(exchange, ErrorForms.Of(exchange, refusal.Content), ct);
        }

        if (response is { Status: >= 200 and <= 299, SwitchedStream: null, Request.ProtocolSwitch: HttpSwitch { IsExtendedConnect: true } })
        {
            // To the client it would mean that the tunnel is there (RFC 8441 §5).
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol,
                $"the backend responded with {response.Status} to an upgrade request and did not switch protocols");
        }

        WriteHead(exchange, response);
        if (response.SwitchedStream is not null && response.Request.ProtocolSwitch is HttpSwitch protocolSwitch)
        {
            return Tunnel.RunAsync(exchange, protocolSwitch, response);
        }

        return exchange.IsHead || HasNoBody(response.Status) ? ValueTask.CompletedTask : WriteBodyAsync(exchange, response, ct);
    }

    /// <summary>Sends what has been written of a response that breaks off here.</summary>
    /// <returns>False where the end of the connection would look like the end of the body, or the client takes no more: the connection must be reset.</returns>
    public static async ValueTask<bool> TryFlushAsync(HttpExchange exchange)
    {
        var headers = exchange.Response.Headers;
        var isUntilClose = exchange.Request.Protocol is "HTTP/1.0" && headers.ContentLength is null;
        if (isUntilClose || exchange.Lifetime.RequestAborted.IsCancellationRequested) return false;
        try
        {
            await FlushAsync(exchange.ResponseBody.Writer, exchange.Lifetime.RequestAborted);
            // A reset of a stream drops what Kestrel has not yet put into frames, and nothing tells when it has.
            if (exchange.Request.Protocol is not "HTTP/1.1") await Task.Delay(TimeToFrame, exchange.Lifetime.RequestAborted);
            return true;
        }
        catch (Exception e) when (e is GatewayException or OperationCanceledException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes the small body of an error.</summary>
    public static async ValueTask WriteContentAsync(HttpExchange exchange, RefusalContent content, CancellationToken ct)
    {
        exchange.Response.Headers.ContentType = content.ContentType;
        exchange.Response.Headers.ContentLength = content.Bytes.Length;
        if (exchange.IsHead) return;
        exchange.BytesOut = content.Bytes.Length;
        await exchange.ResponseBody.Writer.WriteAsync(content.Bytes, ct);
    }

    private static bool HasNoBody(int status) => status is 204 or 205 or 304;

    private static void WriteHead(HttpExchange exchange, ResponseEnvelope response)
    {
        exchange.Response.StatusCode = response.Status;
        if (response.Reason is { } reason) exchange.Response.ReasonPhrase = reason; // only HTTP/1.1 has one
        var target = exchange.Response.Headers;
        var fields = response.Headers.AsSpan();
        for (var i = 0; i < fields.Length; i++)
        {
            if (Is(fields[i].Name, "content-length") || (response.BodyIsReplaced && Is(fields[i].Name, "trailer"))) continue;
            Add(target, fields[i], IsRepeated(fields, i));
        }

        target["x-request-id"] = exchange.RequestId;
        target.ContentLength = LengthOf(exchange, response);
    }

    /// <summary>Whether a line before has the same name, which is rare enough to look for.</summary>
    private static bool IsRepeated(ReadOnlySpan<HeaderField> fields, int index)
    {
        var name = fields[index].Name;
        for (var i = 0; i < index; i++)
        {
            if (Is(fields[i].Name, name)) return true;
        }

        return false;
    }

    private static bool Is(string left, string right) => left.Length == right.Length && left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static void Add(IHeaderDictionary target, in HeaderField field, bool isRepeated)
    {
        try
        {
            // Setting asks the collection once, appending three times.
            if (isRepeated) target.Append(field.Name, field.Value);
            else target[field.Name] = field.Value;
        }
        catch (InvalidOperationException e)
        {
            // Kestrel's word for control characters, which could split the answer in two.
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the response has a header with characters that HTTP does not allow", e);
        }
    }

    /// <summary>The length of what is sent; for HEAD and 304 that of what a GET would have sent (RFC 9110 §8.6).</summary>
    private static long? LengthOf(HttpExchange exchange, ResponseEnvelope response)
    {
        if (response.Status is 204 or < 200) return null;
        if (response.Status == 205) return 0; // RFC 9110 §15.3.6
        if (exchange.IsHead || response.Status == 304) return long.TryParse(response.Headers["content-length"], out var declared) ? declared : null;
        return response.Body.IsBuffered ? response.Body.BufferedBytes.Length : response.Body.Length;
    }

    private static async ValueTask WriteBodyAsync(HttpExchange exchange, ResponseEnvelope response, CancellationToken ct)
    {
        var writer = exchange.ResponseBody.Writer;
        ChunkedFraming? framing = null;
        if (response.Body.IsBuffered)
        {
            await WriteBytesAsync(exchange, response.Body.BufferedBytes, writer, ct);
        }
        else
        {
            if (ChunkedFraming.IsNeeded(exchange, response)) framing = ChunkedFraming.Begin(exchange, writer);
            await CopyAsync(exchange, response, framing, writer, ct);
        }

        var trailers = response.BodyIsReplaced ? null : response.Trailers?.Invoke();
        if (framing is not null) framing.WriteEnd(trailers);
        else if (trailers is not null && exchange.ResponseTrailers is { } feature) WriteTrailers(feature.Trailers, trailers);

        // Kestrel flushes what it frames itself, and what leaves with the head; the rest of a body of declared length it keeps until the next answer.
        if (exchange.Response.HasStarted && (framing is not null || exchange.Response.Headers.ContentLength is not null)) await FlushAsync(writer, ct);
    }

    /// <summary>Into the collection that is there: Kestrel sends no other.</summary>
    private static void WriteTrailers(IHeaderDictionary target, HeaderFields trailers)
    {
        foreach (ref readonly var field in trailers.AsSpan()) Add(target, field, isRepeated: true);
    }

    /// <summary>Piece by piece, so that a large answer from memory is not in memory a second time.</summary>
    private static async ValueTask WriteBytesAsync(HttpExchange exchange, ReadOnlyMemory<byte> bytes, PipeWriter writer, CancellationToken ct)
    {
        exchange.BodyHasBegun = !bytes.IsEmpty;
        exchange.BytesOut = bytes.Length;
        for (; bytes.Length > Enough; bytes = bytes[Enough..])
        {
            writer.Write(bytes.Span[..Enough]);
            await FlushAsync(writer, ct);
        }

        if (!bytes.IsEmpty) writer.Write(bytes.Span);
    }

    /// <summary>
    /// Copies as bytes arrive. What has been written is flushed when the source pauses or enough has gathered, so that a short response
    /// leaves in one packet with its head and a slow one leaves at once. A source that pauses without an end in sight holds no buffer.
    /// </summary>
    private static async ValueTask CopyAsync(
        HttpExchange exchange, ResponseEnvelope response, ChunkedFraming? framing, PipeWriter writer, CancellationToken ct)
    {
        var source = response.Body.OpenStream();
        var length = response.Body.Length;
        var silent = length is null ? source as AsyncReadStream : null;
        var remaining = length ?? long.MaxValue;
        var isFirst = true;
        var unflushed = 0;
        byte[]? buffer = null;
        Task? pending = null;
        try
        {
            while (remaining > 0)
            {
                if (silent is not null && MustWait(silent, out var waiting, ct))
                {
                    if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                    pending = waiting;
                    if (unflushed > 0 || isFirst) await FlushAsync(writer, ct);
                    await pending;
                    (pending, unflushed, isFirst) = (null, 0, false);
                }

                buffer ??= ArrayPool<byte>.Shared.Rent((int)Math.Clamp(remaining, 1, Enough));
                var reading = source.ReadAsync(buffer, ct);
                int read;
                if (reading.IsCompleted) read = await reading;
                else if (unflushed == 0 && !isFirst) read = await reading;
                else
                {
                    var late = reading.AsTask();
                    pending = late;
                    await FlushAsync(writer, ct);
                    read = await late;
                    (pending, unflushed) = (null, 0);
                }

                isFirst = false;
                if (read == 0) break;
                response.OnProgress?.Invoke();
                if (!exchange.BodyHasBegun)
                {
                    exchange.BodyHasBegun = true;
                    await exchange.ResponseBody.StartAsync(ct); // else Kestrel keeps what is written somewhere else first
                }

                exchange.BytesOut += read;
                if (framing is null) writer.Write(buffer.AsSpan(0, read));
                else framing.Write(buffer.AsSpan(0, read));
                remaining -= read;
                unflushed += read;
                if (unflushed < Enough || remaining == 0) continue;
                await FlushAsync(writer, ct);
                response.OnProgress?.Invoke();
                unflushed = 0;
            }
        }
        finally
        {
            if (pending is { IsCompleted: false }) await EndAsync(exchange, pending, ct);
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }

        if (length is null) return;
        if (remaining > 0) throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the backend sent less than it declared");
        if (response.Trailers is not null && exchange.ResponseTrailers is not null) await ReadEndAsync(source, ct);
    }

    /// <summary>The wait for bytes of a source; null where they are there. What is known to have failed throws before the head leaves.</summary>
    private static bool MustWait(AsyncReadStream source, [NotNullWhen(true)] out Task? waiting, CancellationToken ct)
    {
        var wait = source.WaitAsync(ct);
        waiting = wait.IsCompleted ? null : wait.AsTask();
        if (waiting is null) wait.GetAwaiter().GetResult();
        return waiting is not null;
    }

    /// <summary>HTTP/2 has trailers behind bodies of declared length, too; they are there when the end has been read.</summary>
    private static async ValueTask ReadEndAsync(Stream source, CancellationToken ct)
    {
        if (await source.ReadAsync(new byte[1], ct) == 0) return;
        throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the backend sent more than it declared");
    }

    /// <summary>Ends a read whose bytes the client does not take any more: the buffer must not be reused while bytes are read into it.</summary>
    private static async ValueTask EndAsync(HttpExchange exchange, Task reading, CancellationToken ct)
    {
        if (!ct.IsCancellationRequested) exchange.Lifetime.Abort(); // trips the token
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async ValueTask FlushAsync(PipeWriter writer, CancellationToken ct)
    {
        var result = await writer.FlushAsync(ct);
        if (result.IsCanceled || result.IsCompleted)
            throw new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client no longer reads the response");
    }
}

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
