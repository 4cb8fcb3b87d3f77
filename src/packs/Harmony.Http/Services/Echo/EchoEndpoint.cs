using Harmony.Core.Modules;
using Harmony.Http.Services.Http;

namespace Harmony.Http.Services.Echo;

/// <summary>Takes requests of every method under a prefix, for trying pipelines out.</summary>
internal sealed class EchoEndpoint(IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; } = routes;

    public static EchoEndpoint? Create(EchoEndpointOptions options, EndpointContext context)
        => HttpEndpoint.RoutesOf(options.PathPrefix, isPrefix: true, [null], options, context) is { } routes ? new EchoEndpoint(routes) : null;
}
