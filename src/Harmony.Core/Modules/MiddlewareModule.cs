namespace Harmony.Core.Modules;

/// <summary>A middleware type: what <c>type = "…"</c> of a middleware can name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Factory">Builds instances.</param>
public sealed record MiddlewareModule(string Name, string Summary, ModuleFactory<MiddlewareContext, IMiddleware> Factory)
{
    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
