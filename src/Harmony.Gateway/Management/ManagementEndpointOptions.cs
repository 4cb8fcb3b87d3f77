using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management;

/// <summary><c>[endpoints.management.options]</c>, which <c>[management]</c> fills in.</summary>
public sealed record ManagementEndpointOptions : ConfigNode
{
    /// <summary>The path that everything stands below.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/admin";

    /// <summary>Whether <c>/metrics</c> is answered too, where scrapers look by default.</summary>
    public bool RootMetrics { get; init; }
}
