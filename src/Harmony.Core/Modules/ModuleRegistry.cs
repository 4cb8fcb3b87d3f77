using System.Collections.Frozen;

namespace Harmony.Core.Modules;

/// <summary>Every module this program has, by name. An instance, not a global: tests and hosts make their own.</summary>
public sealed class ModuleRegistry
{
    private readonly FrozenDictionary<string, ServiceModule> _services;
    private readonly FrozenDictionary<string, MiddlewareModule> _middleware;
    private readonly FrozenDictionary<(string Kind, string Name), PlannedModule> _planned;

    internal ModuleRegistry(
        IReadOnlyDictionary<string, ServiceModule> services,
        IReadOnlyDictionary<string, MiddlewareModule> middleware,
        IReadOnlyDictionary<(string Kind, string Name), PlannedModule> planned,
        IReadOnlyList<IProtocolAdapter> adapters)
    {
        _services = services.ToFrozenDictionary(StringComparer.Ordinal);
        _middleware = middleware.ToFrozenDictionary(StringComparer.Ordinal);
        _planned = planned.ToFrozenDictionary();
        Adapters = [.. adapters];
    }

    /// <summary>A registry of nothing.</summary>
    public static ModuleRegistry Empty { get; } = new ModuleRegistryBuilder().Build();

    /// <summary>The protocols that requests can come in by.</summary>
    public IReadOnlyList<IProtocolAdapter> Adapters { get; }

    /// <summary>Every service, by name.</summary>
    public IEnumerable<ServiceModule> Services => _services.Values.Distinct().OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>Every middleware type, by name.</summary>
    public IEnumerable<MiddlewareModule> Middleware => _middleware.Values.Distinct().OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Every name reserved for later.</summary>
    public IEnumerable<PlannedModule> Planned => _planned.Values.Distinct().OrderBy(p => p.Kind, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>Names and aliases of all services, those of later ones too.</summary>
    public IEnumerable<string> ServiceNames => _services.Keys.Concat(PlannedNames("service"));

    /// <summary>Names and aliases of all middleware types, those of later ones too.</summary>
    public IEnumerable<string> MiddlewareNames => _middleware.Keys.Concat(PlannedNames("middleware"));

    /// <summary>The service of that name or alias, or null.</summary>
    public ServiceModule? Service(string name) => _services.GetValueOrDefault(Bare("service", name));

    /// <summary>The middleware type of that name or alias, or null.</summary>
    public MiddlewareModule? MiddlewareType(string name) => _middleware.GetValueOrDefault(Bare("middleware", name));

    /// <summary>The reserved name, or null.</summary>
    /// <param name="kind"><c>service</c> or <c>middleware</c>.</param>
    /// <param name="name">The name or an alias.</param>
    public PlannedModule? PlannedFor(string kind, string name) => _planned.GetValueOrDefault((kind, Bare(kind, name)));

    /// <summary>A name without the table that may stand in front of it, as in front of every reference: <c>services.http</c>, <c>middleware_types.transform</c>.</summary>
    private static string Bare(string kind, string name)
    {
        var table = kind == "service" ? "services." : "middleware_types.";
        return name.StartsWith(table, StringComparison.Ordinal) ? name[table.Length..] : name;
    }

    /// <summary>A builder that holds all of this already, for more to be added; this registry stays as it is.</summary>
    internal ModuleRegistryBuilder ToBuilder()
    {
        var builder = new ModuleRegistryBuilder();
        foreach (var adapter in Adapters) builder.Add(adapter);
        foreach (var service in Services) builder.Add(service);
        foreach (var middleware in Middleware) builder.Add(middleware);
        foreach (var planned in Planned) builder.Add(planned);
        return builder;
    }

    private IEnumerable<string> PlannedNames(string kind) => _planned.Keys.Where(k => k.Kind == kind).Select(k => k.Name);
}
