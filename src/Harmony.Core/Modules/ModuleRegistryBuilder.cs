namespace Harmony.Core.Modules;

/// <summary>Gathers modules; a name can be taken once per kind.</summary>
public sealed class ModuleRegistryBuilder
{
    private readonly Dictionary<string, ServiceModule> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MiddlewareModule> _middleware = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Name), PlannedModule> _planned = [];
    private readonly List<IProtocolAdapter> _adapters = [];

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

    /// <summary>Adds a name that is reserved for later.</summary>
    public ModuleRegistryBuilder Add(PlannedModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Add(_planned, module.Aliases.Prepend(module.Name), n => (module.Kind, n), module, $"planned {module.Kind}");
        return this;
    }

    /// <summary>Ends the gathering.</summary>
    public ModuleRegistry Build() => new(_services, _middleware, _planned, _adapters);

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
