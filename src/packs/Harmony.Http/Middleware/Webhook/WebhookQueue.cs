using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Harmony.Core.Diagnostics;
using Harmony.Core.Egress;
using Harmony.Http.Services.Http.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>A document to be delivered.</summary>
/// <param name="RequestId">The request that it is about, for the log.</param>
/// <param name="Document">Its bytes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WebhookNotice(string RequestId, ReadOnlyMemory<byte> Document);

/// <summary>
/// Stands between requests and the receiver: adding never waits, a few workers deliver. What does not fit is dropped and counted. When it is
/// disposed, what waits is still delivered, within a bound.
/// </summary>
internal sealed class WebhookQueue : IAsyncDisposable
{
    /// <summary>Documents on their way at a time, so that one slow answer does not hold up all.</summary>
    public const int Workers = 4;

    private readonly string _name;
    private readonly int _capacity;
    private readonly TimeSpan _drain;
    private readonly WebhookSender _sender;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly Channel<WebhookNotice> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly SparseWarning _failures;
    private readonly SparseWarning _overflows;
    private readonly Task[] _workers;
    private int _lost;

    /// <param name="name">The middleware's name, for log and counters.</param>
    /// <param name="capacity">Documents that may wait.</param>
    /// <param name="drain">Time for those that wait when the queue is disposed.</param>
    /// <param name="sender">Delivers; disposed with the queue.</param>
    /// <param name="logger">Takes warnings.</param>
    /// <param name="clock">Tells the time.</param>
    public WebhookQueue(string name, int capacity, TimeSpan drain, WebhookSender sender, ILogger logger, TimeProvider clock)
    {
        (_name, _capacity, _drain, _sender, _logger, _clock) = (name, capacity, drain, sender, logger, clock);
        _waiting = Channel.CreateBounded<WebhookNotice>(capacity);
        _failures = new SparseWarning(clock);
        _overflows = new SparseWarning(clock);
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => DeliverAllAsync())];
    }

    /// <summary>Puts a document into the queue, or drops it.</summary>
    public void Add(WebhookNotice notice)
    {
        if (_waiting.Writer.TryWrite(notice)) return;
        WebhookMetrics.QueueFull(_name);
        if (_overflows.Add(out var count)) WebhookLog.QueueFull(_logger, _name, _capacity, count);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete()) return;
        var done = Task.WhenAll(_workers);
        try
        {
            await done.WaitAsync(_drain, _clock);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await done;
        }

        while (_waiting.Reader.TryRead(out _)) _lost++;
        if (_lost > 0)
        {
            WebhookMetrics.Stopped(_name, _lost);
            WebhookLog.Undelivered(_logger, _name, _lost);
        }

        _stop.Dispose();
        _sender.Dispose();
    }

    private async Task DeliverAllAsync()
    {
        // Until the first document comes this does nothing but wait, which costs no thread.
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (!_stop.IsCancellationRequested && _waiting.Reader.TryRead(out var notice)) await DeliverAsync(notice);
            if (_stop.IsCancellationRequested) return;
        }
    }

    /// <summary>Whatever happens to one document, the next one is delivered.</summary>
    private async Task DeliverAsync(WebhookNotice notice)
    {
        using var scope = _logger.BeginScope(new RequestScope(notice.RequestId));
        try
        {
            var status = await _sender.SendAsync(notice.Document, _stop.Token);
            WebhookMetrics.Delivered(_name);
            WebhookLog.Delivered(_logger, _name, status);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _lost);
        }
        catch (Exception e)
        {
            WebhookMetrics.Failed(_name);
            var reason = e is EgressException ? e.Message : $"{e.GetType().Name}; please report it";
            if (_failures.Add(out var count)) WebhookLog.Failed(_logger, _name, reason, count);
        }
    }
}

/// <summary>Delivers one document to the receiver, with further tries where they may help.</summary>
internal sealed class WebhookSender(Uri endpoint, TargetCredentials? credentials, EgressClient client, int maxRetries, TimeProvider clock) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends until the receiver takes it or the tries are used up.</summary>
    /// <returns>The receiver's status, 2xx.</returns>
    /// <exception cref="EgressException">It was not taken; the message says why and holds nothing of the document.</exception>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(document, ct);
            }
            catch (EgressException e) when (attempt < maxRetries && e.Failure is EgressFailure.Unreachable or EgressFailure.Timeout)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), clock, ct);
            }
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<int> SendOnceAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ReadOnlyMemoryContent(document) };
        request.Content.Headers.ContentType = Json;
        if (credentials is not null) request.Headers.TryAddWithoutValidation(credentials.Field, credentials.Value);
        var answer = await client.NotifyAsync(request, ct);
        if (answer.IsSuccess) return answer.Status;
        var failure = answer.Status is 408 or 429 or >= 500 ? EgressFailure.Unreachable : EgressFailure.Protocol;
        throw new EgressException(failure, $"'{endpoint.Host}' responded with {answer.Status}");
    }
}
