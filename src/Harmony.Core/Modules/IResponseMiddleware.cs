using Harmony.Core.Envelope;

namespace Harmony.Core.Modules;

/// <summary>A middleware with something to do on the right side, between backend and endpoint.</summary>
public interface IResponseMiddleware : IMiddleware
{
    /// <summary>Looks at an answer and may change it.</summary>
    ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct);
}
