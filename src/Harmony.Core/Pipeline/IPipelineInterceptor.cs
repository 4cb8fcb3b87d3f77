using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>
/// Stands around each part of a pipeline that a request comes to, for <c>harmony try</c>: lets the part work and looks at what it did, or stands in for it.
/// See <see cref="Pipeline.Intercepted"/>.
/// </summary>
public interface IPipelineInterceptor
{
    /// <summary>A request has come to a middleware of the left chain.</summary>
    /// <param name="name">The middleware's name in the configuration.</param>
    /// <param name="middleware">The middleware.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Ends the work.</param>
    ValueTask<MiddlewareResult> OnRequestAsync(string name, IRequestMiddleware middleware, RequestEnvelope request, CancellationToken ct);

    /// <summary>A request has come to its backend; to several at the same time where all get it.</summary>
    /// <param name="name">The backend's name in the configuration.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Ends the work.</param>
    ValueTask<ResponseEnvelope> SendAsync(string name, IBackend backend, RequestEnvelope request, CancellationToken ct);

    /// <summary>A response has come to a middleware of the right chain.</summary>
    /// <param name="name">The middleware's name in the configuration.</param>
    /// <param name="middleware">The middleware.</param>
    /// <param name="response">The response.</param>
    /// <param name="ct">Ends the work.</param>
    ValueTask OnResponseAsync(string name, IResponseMiddleware middleware, ResponseEnvelope response, CancellationToken ct);
}

internal sealed class InterceptedRequestStep(NamedStep<IRequestMiddleware> step, IPipelineInterceptor interceptor) : IRequestMiddleware
{
    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        => interceptor.OnRequestAsync(step.Name, step.Middleware, request, ct);
}

internal sealed class InterceptedBackend(NamedBackend backend, IPipelineInterceptor interceptor) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        => interceptor.SendAsync(backend.Name, backend.Backend, request, ct);
}

internal sealed class InterceptedResponseStep(NamedStep<IResponseMiddleware> step, IPipelineInterceptor interceptor) : IResponseMiddleware
{
    public bool ReplacesResponseBody => step.Middleware.ReplacesResponseBody;

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
        => interceptor.OnResponseAsync(step.Name, step.Middleware, response, ct);
}
