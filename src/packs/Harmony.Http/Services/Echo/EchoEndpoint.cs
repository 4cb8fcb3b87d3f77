using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http;

namespace Harmony.Http.Services.Echo;

/// <summary><c>[endpoints.NAME.options]</c> of an <c>echo</c> endpoint.</summary>
public sealed record EchoEndpointOptions : ConfigNode
{
    /// <summary>The endpoint receives requests for this path and all paths below it.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/echo";
}

/// <summary>Takes requests of every method under a prefix, for trying pipelines out.</summary>
internal sealed class EchoEndpoint(IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; } = routes;

    public static EchoEndpoint? Create(EchoEndpointOptions options, EndpointContext context)
        => HttpEndpoint.RoutesOf(options.PathPrefix, isPrefix: true, [null], options, context) is { } routes ? new EchoEndpoint(routes) : null;
}
