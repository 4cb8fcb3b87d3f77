using Harmony.Core.Envelope;

namespace Harmony.Core.Modules;

/// <summary>
/// An endpoint that shapes what passes through it: steps 3 and 7 in the life of a request. Endpoints that leave everything as it is do not
/// implement it; their requests take neither step, and their traces have no spans for them.
/// </summary>
public interface IShapingEndpoint : IEndpoint
{
    /// <summary>Shapes the request before the left chain.</summary>
    /// <returns>An answer of its own, which goes on at <see cref="OnResponseAsync"/> without middleware and backend; null where the pipeline is needed.</returns>
    ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct);

    /// <summary>Shapes the answer, whoever gave it: after the right chain, or after an answer of its own. Not called for refusals and faults.</summary>
    ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct);
}
