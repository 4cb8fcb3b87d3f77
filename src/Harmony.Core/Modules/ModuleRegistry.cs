using System.Collections.Frozen;

namespace Harmony.Core.Modules;

/// <summary>A set of modules. The standard one is <c>StandardPacks</c>; a plug-in brings one of its own.</summary>
public interface IModulePack
{
    /// <summary>Adds the modules.</summary>
    void AddTo(ModuleRegistryBuilder modules);
}

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
        IReadOnlyList<IProtocolAdapter> adapters,
        IReadOnlyList<IStorageModule> stores,
        IMeshModule? mesh)
    {
        _services = services.ToFrozenDictionary(StringComparer.Ordinal);
        _middleware = middleware.ToFrozenDictionary(StringComparer.Ordinal);
        _planned = planned.ToFrozenDictionary();
        Adapters = [.. adapters];
        Stores = [.. stores];
        Mesh = mesh;
    }

    /// <summary>A registry of nothing.</summary>
    public static ModuleRegistry Empty { get; } = new ModuleRegistryBuilder().Build();

    /// <summary>The protocols that requests can come in by.</summary>
    public IReadOnlyList<IProtocolAdapter> Adapters { get; }

    /// <summary>The kinds of stores that <c>[storage]</c> can name besides folders and memory.</summary>
    public IReadOnlyList<IStorageModule> Stores { get; }

    /// <summary>Runs meshes; null where this program has no module for them.</summary>
    public IMeshModule? Mesh { get; }

    /// <summary>Every service, by name.</summary>
    public IEnumerable<ServiceModule> Services => _services.Values.Distinct().OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>Every middleware type, by name.</summary>
    public IEnumerable<MiddlewareModule> Middleware => _middleware.Values.Distinct().OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Every name reserved for later.</summary>
    public IEnumerable<PlannedModule> Planned
        => _planned.Values.Distinct().OrderBy(p => p.Kind, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal);

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

    /// <summary>
    /// A name without the table that may stand in front of it, as in front of every reference: <c>services.http</c>, <c>middleware_types.transform</c>.
    /// </summary>
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
        foreach (var store in Stores) builder.Add(store);
        foreach (var service in Services) builder.Add(service);
        foreach (var middleware in Middleware) builder.Add(middleware);
        foreach (var planned in Planned) builder.Add(planned);
        if (Mesh is not null) builder.Add(Mesh);
        return builder;
    }

    private IEnumerable<string> PlannedNames(string kind) => _planned.Keys.Where(k => k.Kind == kind).Select(k => k.Name);
}

/// <summary>Gathers modules; a name can be taken once per kind.</summary>
public sealed class ModuleRegistryBuilder
{
    private readonly Dictionary<string, ServiceModule> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MiddlewareModule> _middleware = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Name), PlannedModule> _planned = [];
    private readonly List<IProtocolAdapter> _adapters = [];
    private readonly List<IStorageModule> _stores = [];
    private IMeshModule? _mesh;

    /// <summary>Adds a service.</summary>
    /// <exception cref="ArgumentException">A name of it is taken.</exception>
    public ModuleRegistryBuilder Add(ServiceModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Add(_services, module.Aliases.Prepend(module.Name), n => n, module, "service");
        return this;
    }

    /// <summary>Adds a middleware type.</summary>
    /// <exception cref="ArgumentException">A name of it is taken.</exception>
    public ModuleRegistryBuilder Add(MiddlewareModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Add(_middleware, module.Aliases.Prepend(module.Name), n => n, module, "middleware type");
        return this;
    }

    /// <summary>Adds a protocol adapter.</summary>
    /// <exception cref="ArgumentException">Its protocol is taken.</exception>
    public ModuleRegistryBuilder Add(IProtocolAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        if (_adapters.Exists(a => a.Protocol == adapter.Protocol))
        {
            throw new ArgumentException($"there is an adapter for '{adapter.Protocol}' already", nameof(adapter));
        }

        _adapters.Add(adapter);
        return this;
    }

    /// <summary>Adds a kind of store for <c>[storage]</c>.</summary>
    /// <exception cref="ArgumentException">There is one of that word already.</exception>
    public ModuleRegistryBuilder Add(IStorageModule store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_stores.Exists(s => s.Backend == store.Backend)) throw new ArgumentException($"there is a storage '{store.Backend}' already", nameof(store));
        _stores.Add(store);
        return this;
    }

    /// <summary>Adds a name that is reserved for later.</summary>
    public ModuleRegistryBuilder Add(PlannedModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Add(_planned, module.Aliases.Prepend(module.Name), n => (module.Kind, n), module, $"planned {module.Kind}");
        return this;
    }

    /// <summary>Adds what runs meshes.</summary>
    /// <exception cref="ArgumentException">There is one already.</exception>
    public ModuleRegistryBuilder Add(IMeshModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (_mesh is not null) throw new ArgumentException("there is a module for meshes already", nameof(module));
        _mesh = module;
        return this;
    }

    /// <summary>Ends the gathering.</summary>
    public ModuleRegistry Build() => new(_services, _middleware, _planned, _adapters, _stores, _mesh);

    /// <summary>All names of a module, or none.</summary>
    private static void Add<TKey, TModule>(
        Dictionary<TKey, TModule> all, IEnumerable<string> names, Func<string, TKey> keyOf, TModule module, string kind)
        where TKey : notnull
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!added.Add(name) || all.ContainsKey(keyOf(name))) throw new ArgumentException($"there is a {kind} '{name}' already", nameof(module));
        }

        foreach (var name in added) all.Add(keyOf(name), module);
    }
}
