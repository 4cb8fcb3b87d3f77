using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Data.Middleware.Passthru;

/// <summary>Does nothing, on both sides: a placeholder while a pipeline is being built or a step is switched off.</summary>
internal sealed class PassthruMiddleware : IRequestMiddleware, IResponseMiddleware
{
    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => new(MiddlewareResult.Continue);

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => default;
}
