using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// Builds the endpoints, middleware, backends and rules that no pipeline leads to, and throws them away: what is wrong with them is said now, and not
/// on the day somebody names them. They harm nobody until then, so it is said as warnings.
/// </summary>
internal sealed class UnusedDefinitions(ModuleRegistry registry, BuildEnvironment environment, Instances used, ConfigProblems problems)
{
    public async ValueTask CheckAsync(CancellationToken ct)
    {
        await using var carried = new Runtime.CarriedState().Begin();
        var found = new ConfigProblems();
        var config = environment.Config;
        var alone = environment with { Carried = carried };
        var unused = new Instances(registry, alone, new References(config, found), found);
        try
        {
            foreach (var endpoint in Unused(config.Endpoints, "service", e => e.Service, ct)) unused.Endpoint(endpoint);
            foreach (var middleware in Unused(config.Middleware, "middleware", m => m.Type, ct)) unused.Middleware(middleware);
            foreach (var backend in Unused(config.Backends, "service", b => b.Service, ct)) unused.Backend(backend);
            foreach (var type in registry.Middleware) type.CheckUnused?.Invoke(alone, found);
            foreach (var problem in found) problems.Warning(problem.Location, $"{problem.Message} (no pipeline uses this)");
        }
        finally
        {
            foreach (var instance in unused.All) await DisposeAsync(instance);
        }
    }

    private IEnumerable<Definition<T>> Unused<T>(IEnumerable<Definition<T>> all, string kind, Func<T, string> module, CancellationToken ct)
        where T : ConfigNode
    {
        foreach (var definition in all)
        {
            ct.ThrowIfCancellationRequested();
            if (IsUnused(definition, kind, module(definition.Section))) yield return definition;
        }
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
