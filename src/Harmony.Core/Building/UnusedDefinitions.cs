using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// Builds the endpoints, middleware, backends and rules that no pipeline leads to, and throws them away: what is wrong with them is said now, and not
/// on the day somebody names them. They harm nobody until then, so it is said as warnings.
/// </summary>
internal sealed class UnusedDefinitions(ModuleRegistry registry, BuildEnvironment environment, Instances used, ConfigProblems problems)
{
    public async ValueTask CheckAsync()
    {
        await using var carried = new Runtime.CarriedState().Begin();
        var found = new ConfigProblems();
        var config = environment.Config;
        var alone = environment with { Carried = carried };
        var unused = new Instances(registry, alone, new References(config, found), found);
        foreach (var endpoint in config.Endpoints.Where(e => IsUnused(e, "service", e.Section.Service))) unused.Endpoint(endpoint);
        foreach (var middleware in config.Middleware.Where(m => IsUnused(m, "middleware", m.Section.Type))) unused.Middleware(middleware);
        foreach (var backend in config.Backends.Where(b => IsUnused(b, "service", b.Section.Service))) unused.Backend(backend);
        foreach (var type in registry.Middleware) type.CheckUnused?.Invoke(alone, found);
        foreach (var problem in found) problems.Warning(problem.Location, $"{problem.Message} (no pipeline uses this)");
        foreach (var instance in unused.All) await DisposeAsync(instance);
    }

    /// <summary>Of what is not yet available there is nothing to check; what is faulty has been reported.</summary>
    private bool IsUnused<T>(Definition<T> definition, string kind, string module)
        where T : ConfigNode
        => !definition.Section.IsFaulty && registry.PlannedFor(kind, module) is null && !used.HasBuilt(definition);

    private static ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous) return asynchronous.DisposeAsync();
        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
