using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>A middleware type: what <c>type = "…"</c> of a middleware can name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Factory">Builds instances.</param>
public sealed record MiddlewareModule(string Name, string Summary, ModuleFactory<MiddlewareContext, IMiddleware> Factory)
{
    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>
    /// Checks the tables that instances refer to and none does (<see cref="BuildEnvironment.Used"/>), after all others have been built; null where there are none
    /// of that kind. What it finds is reported as warnings.
    /// </summary>
    public Action<BuildEnvironment, ConfigProblems>? CheckUnused { get; init; }
}
