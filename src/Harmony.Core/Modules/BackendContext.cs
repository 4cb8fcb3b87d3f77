namespace Harmony.Core.Modules;

/// <summary>What a service is given to build a backend.</summary>
public sealed class BackendContext : ModuleContext
{
    /// <summary>
    /// Where it may send, settings of the backend over those of the targets. One entry without a connection when the configuration names
    /// no target: the service's own options must say where then.
    /// </summary>
    public required IReadOnlyList<TargetSettings> Targets { get; init; }
}
