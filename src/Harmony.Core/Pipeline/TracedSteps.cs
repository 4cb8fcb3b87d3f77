using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>An endpoint whose two steps run inside spans of its name. Made for one request.</summary>
internal sealed class TracedEndpoint(string name, IShapingEndpoint endpoint) : IShapingEndpoint
{
    public string Protocol => endpoint.Protocol;

    public IReadOnlyList<EndpointRoute> Routes => endpoint.Routes;

    public async ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("endpoint", name);
        try
        {
            return await endpoint.OnRequestAsync(request, ct);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("endpoint", name);
        try
        {
            await endpoint.OnResponseAsync(response, ct);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}

/// <summary>A step of the left chain inside a span of its name.</summary>
internal sealed class TracedRequestStep(NamedStep<IRequestMiddleware> step) : IRequestMiddleware
{
    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("middleware", step.Name);
        try
        {
            var result = await step.Middleware.OnRequestAsync(request, ct);
            if (result.Refusal is { } refusal) span.Refused(refusal);
            return result;
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}

/// <summary>A step of the right chain inside a span of its name.</summary>
internal sealed class TracedResponseStep(NamedStep<IResponseMiddleware> step) : IResponseMiddleware
{
    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("middleware", step.Name);
        try
        {
            await step.Middleware.OnResponseAsync(response, ct);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}

/// <summary>A backend inside a span of its name, which ends with the head of the answer.</summary>
internal sealed class TracedBackend(NamedBackend backend) : IBackend
{
    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("backend", backend.Name);
        try
        {
            var response = await backend.Backend.SendAsync(request, ct);
            span.Answered(response.Status);
            return response;
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}
