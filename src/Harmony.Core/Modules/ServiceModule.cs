namespace Harmony.Core.Modules;

/// <summary>A service: what <c>service = "…"</c> of an endpoint or a backend can name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One sentence.</param>
public sealed record ServiceModule(string Name, string Summary)
{
    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Builds endpoints, or null where it cannot be one.</summary>
    public ModuleFactory<EndpointContext, IEndpoint>? Endpoint { get; init; }

    /// <summary>Builds backends, or null where it cannot be one.</summary>
    public ModuleFactory<BackendContext, IBackend>? Backend { get; init; }
}
