using System.Net.Http.Headers;
using System.Net;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>An answer as <see cref="SocketsHttpHandler"/> gives it.</summary>
internal sealed class HandlerAnswer : TargetAnswer
{
    private readonly HttpResponseMessage _message;
    private readonly TargetRequest _request;

    private HandlerAnswer(HttpResponseMessage message, TargetRequest request) => (_message, _request) = (message, request);

    /// <summary>Takes over a message and the request it answers.</summary>
    /// <exception cref="GatewayException">The body has a transfer coding that was not asked for.</exception>
    public static HandlerAnswer Of(HttpResponseMessage message, TargetRequest request)
    {
        try
        {
            var fields = FieldsOf(message, out var isChunked);
            var length = isChunked ? null : LengthOf(message);
            var body = message.Content.ReadAsStream(CancellationToken.None); // the one from the wire, nothing is read here
            return new HandlerAnswer(message, request)
            {
                Status = (int)message.StatusCode,
                Fields = fields,
                Length = length,
                MayHaveTrailers = isChunked || message.Version.Major > 1,
                SwitchedTo = message.StatusCode != HttpStatusCode.SwitchingProtocols ? null
                    : message.Headers.NonValidated.TryGetValues("Upgrade", out var chosen) ? chosen.ToString() : "",
                Body = length is { } declared && IsUnbounded(message) ? new BoundedStream(body, declared) : body,
            };
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    public override HeaderFields? ReadTrailers()
    {
        var trailers = _message.TrailingHeaders.NonValidated;
        if (trailers.Count == 0) return null;
        var fields = new HeaderFields(trailers.Count);
        foreach (var (name, values) in trailers)
        {
            if (!AnswerFields.IsTrailerForClient(name)) continue;
            foreach (var value in values) fields.Add(name, value);
        }

        return fields;
    }

    public override ValueTask DisposeAsync()
    {
        _message.Dispose();
        _request.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HeaderFields FieldsOf(HttpResponseMessage message, out bool isChunked)
    {
        var head = message.Headers.NonValidated;
        // HttpClient undoes chunks and no other coding: what it leaves would reach the client as content.
        isChunked = head.TryGetValues("Transfer-Encoding", out var codings);
        if (isChunked) AnswerFields.ThrowUnlessChunked(codings.ToString());
        var named = head.TryGetValues("Connection", out var connection) ? HopByHopFields.NamedBy(connection.ToString()) : null;
        var fields = new HeaderFields(12);
        Copy(head, fields, named);
        Copy(message.Content.Headers.NonValidated, fields, named);
        if (isChunked) fields.Remove("content-length");
        return fields;
    }

    /// <summary>Whether the length is a list, which HttpClient does not understand: it would read on until the connection is closed.</summary>
    private static bool IsUnbounded(HttpResponseMessage message)
        => message.Version.Major == 1 && message.Content.Headers.NonValidated.TryGetValues("Content-Length", out var values) && values.ToString().Contains(',');

    /// <summary>Read from the raw field: the typed property would keep the number on the heap.</summary>
    private static long? LengthOf(HttpResponseMessage message)
    {
        if (!message.Content.Headers.NonValidated.TryGetValues("Content-Length", out var values)) return null;
        return DeclaredLength.TryParse(values.ToString(), out var length) ? length
            : throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target sent a Content-Length that is not a single number");
    }

    private static void Copy(HttpHeadersNonValidated from, HeaderFields to, HashSet<string>? named)
    {
        foreach (var (name, values) in from)
        {
            if (!AnswerFields.IsForClient(name) || named?.Contains(name) == true) continue;
            foreach (var value in values) to.Add(name, value);
        }
    }
}

/// <summary>A body that ends after its declared length, whether or not the connection does.</summary>
/// <param name="inner">What follows the head.</param>
/// <param name="length">Bytes that are the body.</param>
internal sealed class BoundedStream(Stream inner, long length) : AsyncReadStream
{
    private long _remaining = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0 || buffer.IsEmpty) return 0;
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], cancellationToken);
        if (read == 0) throw new IOException("the connection was closed before the end of the response");
        _remaining -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
