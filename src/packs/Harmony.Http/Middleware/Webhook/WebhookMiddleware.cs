using System.Diagnostics.Metrics;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Egress;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Redaction;
using Harmony.Http.Services.Http.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>The options of a <c>webhook</c> middleware.</summary>
public sealed record WebhookOptions : ConfigNode
{
    /// <summary>URL that gets a POST with a JSON document. <c>[proxy.egress]</c> must allow the URL.</summary>
    [NotEmpty]
    public required string Endpoint { get; init; }

    /// <summary>What notices are about: requests (<c>left</c>), responses (<c>right</c>) or both, in two documents.</summary>
    public MiddlewareSides Apply { get; init; } = MiddlewareSides.Left;

    /// <summary>Time-out of one attempt, in seconds from connecting to the receiver's status.</summary>
    [AllowedRange(1, 300)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Most retries, 1, 2, 4 … seconds apart, if the receiver cannot be reached, is late, or responds with 408, 429 or 5xx.</summary>
    [AllowedRange(0, 10)]
    public int MaxRetries { get; init; } = 2;

    /// <summary>Most documents that wait for the receiver; further documents are dropped and counted.</summary>
    [AllowedRange(1, 100_000)]
    public int QueueSize { get; init; } = 1000;

    /// <summary>Seconds for delivering the waiting documents when the gateway stops or reloads its configuration.</summary>
    [AllowedRange(0, 300)]
    public int DrainSecs { get; init; } = 5;

    /// <summary>Headers whose values are hidden, in addition to those with credentials and cookies.</summary>
    public IReadOnlyList<string> RedactHeaders { get; init; } = [];

    /// <summary>Metadata whose values are hidden.</summary>
    public IReadOnlyList<string> RedactMetadata { get; init; } = [];

    /// <summary>
    /// Credentials for the receiver, instead of <c>authentication = "NAME"</c>: a <c>method</c> (basic, bearer or api_key) and its <c>options</c>.
    /// </summary>
    public AuthenticationSection? AuthenticationDef { get; init; }
}

/// <summary>
/// Tells another system about requests and answers, without their bodies. A request never waits for the receiver and never fails because of
/// it: what is to be told goes into a bounded queue.
/// </summary>
internal sealed class WebhookMiddleware : IRequestMiddleware, IResponseMiddleware, IAsyncDisposable
{
    private readonly WebhookDocument _document;
    private readonly WebhookQueue _queue;

    private WebhookMiddleware(WebhookOptions options, WebhookDocument document, WebhookQueue queue)
    {
        Sides = options.Apply;
        _document = document;
        _queue = queue;
    }

    /// <summary>Where it is listed for the other side only, it does nothing there.</summary>
    public bool ActsOutside => true;

    public MiddlewareSides Sides { get; }

    /// <summary>Builds one; null when the problems got an error.</summary>
    public static WebhookMiddleware? Create(WebhookOptions options, MiddlewareContext context)
    {
        var policy = EgressPolicy.From(context.Config.Proxy.Egress);
        var endpoint = policy.Check(options.Endpoint, "endpoint", options.LocationOf("endpoint"), context.Problems);
        var sound = TryCredentials(options, context, out var credentials);
        var redaction = new RedactionOptions(options.RedactHeaders, options.RedactMetadata, []);
        var redactor = redaction.Build(context.Config.Proxy, context.Problems);
        if (endpoint is null || !sound) return null;

        var clock = context.Environment.Clock;
        var settings = new EgressSettings { Timeout = TimeSpan.FromSeconds(options.TimeoutSecs), MaxConnections = WebhookQueue.Workers };
        var sender = new WebhookSender(endpoint, credentials, new EgressClient(policy, settings, clock), options.MaxRetries, clock);
        var logger = context.Environment.Loggers.CreateLogger("harmony.webhook");
        var queue = new WebhookQueue(context.Name, options.QueueSize, TimeSpan.FromSeconds(options.DrainSecs), sender, logger, clock);
        return new WebhookMiddleware(options,
            new WebhookDocument(context.Name, context.Config.Proxy.Name ?? context.Config.Proxy.Id ?? "harmony", redactor, clock), queue);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (Left) _queue.Add(new WebhookNotice(request.RequestId, _document.Write(request, null)));
        return new ValueTask<MiddlewareResult>(MiddlewareResult.Continue);
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (Right) _queue.Add(new WebhookNotice(response.Request.RequestId, _document.Write(response.Request, response)));
        return default;
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private bool Left => Sides.HasFlag(MiddlewareSides.Left);

    private bool Right => Sides.HasFlag(MiddlewareSides.Right);

    private static bool TryCredentials(WebhookOptions options, MiddlewareContext context, out TargetCredentials? credentials)
    {
        credentials = null;
        if (options.AuthenticationDef is not null && context.Authentication is not null)
        {
            context.Problems.Error(options.LocationOf("authentication_def"),
                $"middleware '{context.Name}' gives both 'authentication' and 'authentication_def'; keep one");
            return false;
        }

        if ((options.AuthenticationDef ?? context.Authentication) is not { Method: not "none" } authentication) return true;
        if (authentication.Method is "basic" or "bearer" or "api_key")
        {
            credentials = TargetCredentials.From(authentication, context);
            return credentials is not null;
        }

        context.Problems.Error(authentication.LocationOf("method"),
            $"method '{authentication.Method}' cannot authenticate webhook '{context.Name}' to its receiver; use basic, bearer or api_key");
        return false;
    }
}

/// <summary>Log messages of <c>webhook</c>, ids 2700 to 2799, target <c>harmony.webhook</c>.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(EventId = 2701, Level = LogLevel.Warning, Message = "webhook '{Webhook}' could not deliver: {Reason}; documents since the last such "
        + "message: {Count}")]
    public static partial void Failed(ILogger logger, string webhook, string reason, long count);

    [LoggerMessage(EventId = 2702, Level = LogLevel.Warning,
        Message = "webhook '{Webhook}' dropped documents because its queue of {QueueSize} is full; documents since the last such message: {Count}")]
    public static partial void QueueFull(ILogger logger, string webhook, int queueSize, long count);

    [LoggerMessage(EventId = 2703, Level = LogLevel.Warning, Message = "webhook '{Webhook}' stopped before all documents were delivered; lost: {Count}")]
    public static partial void Undelivered(ILogger logger, string webhook, int count);

    [LoggerMessage(EventId = 2704, Level = LogLevel.Debug, Message = "webhook '{Webhook}' delivered, status {Status}")]
    public static partial void Delivered(ILogger logger, string webhook, int status);
}

/// <summary>What webhooks count; the tag <c>middleware</c> is the instance's name.</summary>
internal static class WebhookMetrics
{
    private static readonly Counter<long> DeliveredCounter =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.webhook.delivered", "{document}", "Documents that the receiver took.");

    private static readonly Counter<long> DroppedCounter =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.webhook.dropped", "{document}",
            "Documents that were never delivered, by reason: queue_full, failed, stopped.");

    public static void Delivered(string middleware) => DeliveredCounter.Add(1, new KeyValuePair<string, object?>("middleware", middleware));

    public static void QueueFull(string middleware) => Dropped(middleware, "queue_full", 1);

    public static void Failed(string middleware) => Dropped(middleware, "failed", 1);

    public static void Stopped(string middleware, int count) => Dropped(middleware, "stopped", count);

    private static void Dropped(string middleware, string reason, int count)
        => DroppedCounter.Add(count, new KeyValuePair<string, object?>("middleware", middleware), new KeyValuePair<string, object?>("reason", reason));
}
