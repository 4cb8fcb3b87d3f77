namespace Harmony.Core.Routing;

/// <summary>How looking for a route ended.</summary>
public enum RouteOutcome
{
    /// <summary>No route has this path.</summary>
    NotFound,

    /// <summary>A route was found.</summary>
    Found,

    /// <summary>Routes have this path, none of them for this method.</summary>
    MethodNotAllowed,
}
