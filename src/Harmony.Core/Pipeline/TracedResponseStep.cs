using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

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
