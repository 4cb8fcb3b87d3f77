using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Modules;

/// <summary>A middleware with something to do on the left side, between endpoint and backend.</summary>
public interface IRequestMiddleware : IMiddleware
{
    /// <summary>Looks at a request, may change it, and says how to go on.</summary>
    ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct);
}
