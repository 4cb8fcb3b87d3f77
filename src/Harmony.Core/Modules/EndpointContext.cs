using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>What a service is given to build an endpoint.</summary>
public sealed class EndpointContext : ModuleContext
{
    /// <summary>Connection settings of the endpoint over those of its peer; null where neither has any.</summary>
    public ConnectionSection? Connection { get; init; }
}
