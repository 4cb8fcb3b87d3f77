using System.Buffers;
using System.Runtime.CompilerServices;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>One request and its answer on one connection.</summary>
internal sealed class Http1Exchange(
    Http1Pool pool, Http1Connection connection, string authority, OutgoingHead head, RequestUpload? content, ActivityTimeout deadline)
{
    /// <summary>A body of so few bytes goes out in one packet with its head.</summary>
    private const int ShortBody = 16 * 1024;

    /// <summary>An origin that sends more of them does not mean to answer.</summary>
    private const int MaxInterimAnswers = 100;

    /// <summary>An origin that does not know the expectation never answers it (RFC 9110 §10.1.1).</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(1);

    private readonly string _method = RequestHead.MethodOf(head.Method);
    private Task<bool>? _upload;
    private TaskCompletionSource<bool>? _permission;
    private int _interimAnswers;
    private bool _hasAnswered;
    private bool _isAborted;

    /// <summary>Whether the connection had been idle, so that the origin may have closed it under us.</summary>
    public bool IsOnUsedConnection { get; init; }

    /// <summary>Sends the request and reads the head of the answer.</summary>
    /// <exception cref="HttpRequestException">What came is not HTTP.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TargetAnswer> RunAsync()
    {
        try
        {
            connection.IsUsed = true;
            connection.IsAuthenticated |= ConnectionAuthentication.IsIn(head.Fields["authorization"]);
            RequestHead.Write(connection.Unsent, head, _method, authority, content);
            if (content is not null && !TryAppend(content)) _upload = UploadAsync(content);
            else await connection.FlushAsync(deadline.Token);

            ResponseHead? answered;
            while ((answered = NextHead()) is null)
            {
                var read = await connection.ReceiveMoreAsync(deadline.Token);
                if (read == 0) throw new IOException("the connection was closed before a response");
                _hasAnswered = true;
            }

            _permission?.TrySetResult(false);
            connection.IsAuthenticated |= answered.AuthenticatesConnection;
            return AnswerOf(answered);
        }
        catch (IOException e)
        {
            Abort();
            if (_hasAnswered) throw ResponseHead.Invalid("the connection broke within a head");
            // What had been idle may have been closed under the request; of a new connection the origin has seen the request.
            throw IsOnUsedConnection ? new StaleConnectionException(e) : e;
        }
        catch
        {
            Abort();
            throw;
        }
    }

    /// <summary>Gives the connection back where it can carry another request, and closes it otherwise.</summary>
    /// <param name="answer">The answer that has come.</param>
    /// <param name="hasEnded">Whether its body has been read to the end; the request's is then sent to its end.</param>
    public ValueTask EndAsync(ResponseHead answer, bool hasEnded)
    {
        var canLast = hasEnded && !_isAborted && answer.IsKeptAlive && answer.Status != 101 && connection.Received.IsEmpty;
        if (hasEnded && _upload is { } upload) return EndAfterAsync(upload, canLast);
        Leave(canLast);
        return ValueTask.CompletedTask;
    }

    private async ValueTask EndAfterAsync(Task<bool> upload, bool canLast) => Leave(await upload && canLast);

    private void Leave(bool canLast)
    {
        if (canLast) pool.Return(connection, head.Client);
        else Abort();
    }

    /// <summary>Ends the connection, and with it whatever goes on on it.</summary>
    private void Abort()
    {
        _isAborted = true;
        _permission?.TrySetResult(false);
        connection.Dispose();
    }

    private bool TryAppend(RequestUpload body)
    {
        if (!body.TryGetShort(ShortBody, out var bytes)) return false;
        connection.Unsent.Write(bytes.Span);
        return true;
    }

    /// <summary>The head of the answer, past those that only say that it will come (RFC 9110 §15.2); null when more must be received.</summary>
    private ResponseHead? NextHead()
    {
        while (ResponseHead.TryRead(connection.Received, connection.Strings, out var consumed) is { } answered)
        {
            connection.Consume(consumed);
            if (!answered.IsInterim) return answered;
            if (++_interimAnswers > MaxInterimAnswers) throw ResponseHead.Invalid("too many interim responses");
            deadline.Progress();
            if (answered.Status == 100) _permission?.TrySetResult(true);
        }

        return null;
    }

    private Http1Answer AnswerOf(ResponseHead answered)
    {
        var isBodiless = IsBodiless(answered);
        var body = isBodiless ? new LengthBody(connection, 0) : BodyOf(answered);
        return new Http1Answer(this, answered, body)
        {
            EndsConnection = !answered.IsKeptAlive || body is UntilCloseBody,
            Length = isBodiless ? 0 : answered.ContentLength,
            MayHaveTrailers = answered.IsChunked,
            Reason = answered.Reason,
            SwitchedTo = answered.Status == 101 ? answered.Upgrade ?? "" : null,
            Switched = answered.Status == 101 ? connection : null,
        };
    }

    /// <summary>RFC 9112 §6.3, whatever the fields say.</summary>
    private bool IsBodiless(ResponseHead answered) => answered.Status is 204 or 304 || _method == "HEAD";

    private Http1Body BodyOf(ResponseHead answered)
    {
        if (answered.Status == 101) return new UntilCloseBody(connection);
        if (answered.IsChunked) return new ChunkedBody(connection);
        return answered.ContentLength is { } length ? new LengthBody(connection, length) : new UntilCloseBody(connection);
    }

    /// <summary>Sends the body while the answer is waited for.</summary>
    /// <returns>Whether the origin has taken all of it. Whether it has answered without is for the reader to say.</returns>
    private async Task<bool> UploadAsync(RequestUpload body)
    {
        try
        {
            if (head.Fields.Contains("expect") && !await IsPermittedAsync()) return false;
            await using Http1Upload upload = body.Length is { } length ? new LengthUpload(connection, length) : new ChunkedUpload(connection);
            await body.CopyToAsync(upload, deadline, deadline.Token);
            await upload.EndAsync(body.ReadTrailers(), deadline.Token);
            return true;
        }
        catch (Exception e)
        {
            // A body that ends in the middle is not to be taken for whole, and an answer to it is not waited for.
            if (body.ClientFault is not null || e is not IOException) Abort();
            return false;
        }
    }

    private async Task<bool> IsPermittedAsync()
    {
        _permission = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.FlushAsync(deadline.Token);
        var first = await Task.WhenAny(_permission.Task, Task.Delay(MostPatience, deadline.Token));
        return first != _permission.Task || await _permission.Task;
    }
}
