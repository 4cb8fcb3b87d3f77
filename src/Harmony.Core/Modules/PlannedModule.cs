namespace Harmony.Core.Modules;

/// <summary>A name that configurations of the public Harmony Proxy use and that this program does not have yet. A pipeline that needs it serves nothing.</summary>
/// <param name="Kind"><c>service</c> or <c>middleware</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Summary">What it will do, one sentence.</param>
public sealed record PlannedModule(string Kind, string Name, string Summary)
{
    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>For services: whether it will be an endpoint that listens on its own port rather than on the network's HTTP listener.</summary>
    public bool HasOwnListener { get; init; }
}
