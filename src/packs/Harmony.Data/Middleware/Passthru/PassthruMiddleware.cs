using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Data.Middleware.Passthru;

/// <summary>The options of a <c>passthru</c> middleware: none.</summary>
[FormerKey("description", "it is only a remark for people")]
public sealed record PassthruOptions : ConfigNode;

/// <summary>Does nothing, on both sides: a placeholder while a pipeline is being built or a step is switched off.</summary>
internal sealed class PassthruMiddleware : IRequestMiddleware, IResponseMiddleware
{
    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => new(MiddlewareResult.Continue);

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => default;
}

/// <summary>The options of a <c>connect</c> middleware, which has none and takes whatever older configurations give it.</summary>
public sealed record ConnectOptions : ConfigNode
{
    /// <summary>What is given, without effect.</summary>
    [RemainingKeys]
    public OptionsTable? Given { get; init; }
}
