using Harmony.Core.Egress;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Redaction;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Middleware.Webhook;

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
        return new WebhookMiddleware(options, new WebhookDocument(context.Name, redactor), queue);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (Left) _queue.Add(_document.Write(request, null));
        return new ValueTask<MiddlewareResult>(MiddlewareResult.Continue);
    }

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (Right) _queue.Add(_document.Write(response.Request, response));
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
            context.Problems.Error(options.LocationOf("authentication_def"), $"middleware '{context.Name}' gives both 'authentication' and 'authentication_def'; keep one");
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
