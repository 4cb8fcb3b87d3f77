using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

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
