using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Options of every kind.</summary>
[FormerKey("colour", "tags are grey")]
internal sealed record TagOptions : ConfigNode
{
    [AlsoKnownAs("label")]
    [NotEmpty]
    public string? Text { get; init; }

    [AllowedRange(1, 10)]
    public int Count { get; init; } = 1;

    public double Ratio { get; init; }

    public bool Loud { get; init; }

    [AllowedValues("fast", "safe")]
    public string Mode { get; init; } = "safe";

    public IReadOnlyList<string> Words { get; init; } = [];

    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    public TagStyle Style { get; init; } = new();

    [Secret]
    [AllowedValues("one", "two")]
    public string Token { get; init; } = "one";

    [Secret]
    [AllowedRange(1000, 9999)]
    public int? Pin { get; init; }

    public TagShape Shape { get; init; }
}

/// <summary>A table inside.</summary>
internal sealed record TagStyle : ConfigNode
{
    [AllowedRange(0)]
    public long Width { get; init; }
}

/// <summary>An enum.</summary>
internal enum TagShape
{
    Round,
    VeryFlat,
}

/// <summary>Works on both sides.</summary>
internal sealed class TagMiddleware : IRequestMiddleware, IResponseMiddleware
{
    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => new(MiddlewareResult.Continue);

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => default;
}

/// <summary>Could work on both sides and wants the right one.</summary>
internal sealed class HalfMiddleware : IRequestMiddleware, IResponseMiddleware
{
    public MiddlewareSides Sides => MiddlewareSides.Right;

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => new(MiddlewareResult.Continue);

    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => default;
}

/// <summary>Works on the left side.</summary>
internal sealed class GateMiddleware : IAuthenticationStep
{
    public bool IsOptional => false;

    public static GateMiddleware? Create(NoOptions options, MiddlewareContext context)
    {
        if (context.Authentication is not null) return new GateMiddleware();
        context.Problems.Error(context.Location, $"middleware '{context.Name}' needs an 'authentication'");
        return null;
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct) => new(MiddlewareResult.Continue);
}

/// <summary>Works on the right side.</summary>
internal sealed class StampMiddleware : IResponseMiddleware
{
    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => default;
}
