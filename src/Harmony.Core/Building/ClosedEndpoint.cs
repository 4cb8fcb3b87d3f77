using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// Holds the routes of an endpoint whose service this program does not have yet, so that its requests are answered 503 and do not fall through to
/// a pipeline that claims the paths around them (docs/decisions/0002-fail-closed.md).
/// </summary>
/// <param name="routes">What it claims.</param>
internal sealed class ClosedEndpoint(params IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; } = routes;
}
