using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Core.Modules;

/// <summary>An endpoint selects requests by its routes. An <see cref="IShapingEndpoint"/> also changes them.</summary>
public interface IEndpoint
{
    /// <summary>The adapter that serves it: <c>http</c>, <c>dimse</c>.</summary>
    string Protocol { get; }

    /// <summary>The routes it claims, for protocols that route by path.</summary>
    IReadOnlyList<EndpointRoute> Routes { get; }

    /// <summary>Largest request body in bytes that it lets pass, streamed or not; null for no limit of its own.</summary>
    long? MaxBodySize => null;

    /// <summary>Encoded characters that it lets pass in paths although they are refused by default, e.g. <c>%2F</c>.</summary>
    Routing.PathOddities AllowedOddities => Routing.PathOddities.None;

    /// <summary>Whether its own listener is not opened, because its certificate or key cannot be used.</summary>
    bool StaysClosed => false;

    /// <summary>Description in lines of an endpoint without routes, for <c>harmony explain</c> and the banner. Without secrets.</summary>
    IReadOnlyList<string> Words => [];
}

/// <summary>
/// An endpoint that shapes what passes through it: steps 3 and 7 in the life of a request. Endpoints that leave everything as it is do not
/// implement it; their requests take neither step, and their traces have no spans for them.
/// </summary>
public interface IShapingEndpoint : IEndpoint
{
    /// <summary>Shapes the request before the left chain.</summary>
    /// <returns>
    /// An answer of its own, which goes on at <see cref="OnResponseAsync"/> without middleware and backend; null where the pipeline is needed.
    /// </returns>
    ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct);

    /// <summary>
    /// Shapes the response, from a backend or from middleware: runs after the right chain, or after a response of the endpoint's own. Not called for refusals
    /// and faults.
    /// </summary>
    ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct);
}

/// <summary>The context that a service builds an endpoint from.</summary>
public sealed class EndpointContext : ModuleContext
{
    /// <summary>Connection settings of the endpoint over those of its peer; null where neither has any.</summary>
    public ConnectionSection? Connection { get; init; }
}

/// <summary>A route of an endpoint on a network.</summary>
/// <param name="Pattern">The pattern; for <paramref name="IsPrefix"/> the prefix, which claims all below it too.</param>
/// <param name="IsPrefix">Whether everything below at a segment boundary is meant.</param>
/// <param name="Method">The method claimed, or null for every one.</param>
public sealed record EndpointRoute(RoutePattern Pattern, bool IsPrefix, string? Method);
