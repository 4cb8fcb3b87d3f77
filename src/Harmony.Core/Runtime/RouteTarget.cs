using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;

namespace Harmony.Core.Runtime;

/// <summary>Where a route leads.</summary>
/// <param name="Pipeline">The pipeline that runs.</param>
/// <param name="EndpointName">Name of the endpoint the request enters by.</param>
/// <param name="Endpoint">That endpoint.</param>
public sealed record RouteTarget(Pipeline.Pipeline Pipeline, string EndpointName, IEndpoint Endpoint)
{
    /// <summary>Counts its requests.</summary>
    public required RouteMetrics Metrics { get; init; }

    /// <summary>Whether the path below the route goes to the backend (a prefix), or the whole path (a pattern).</summary>
    public bool StripsPrefix { get; init; }
}
