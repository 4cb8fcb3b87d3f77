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
    /// Checks the tables that instances refer to and none does (<see cref="BuildEnvironment.Used"/>), after all others have been built; null where there are
    /// none of that kind. What it finds is reported as warnings.
    /// </summary>
    public Action<BuildEnvironment, ConfigProblems>? CheckUnused { get; init; }
}

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

/// <summary>
/// A name that configurations of the public Harmony Proxy use and that this program does not have yet. A pipeline that needs it serves nothing.
/// </summary>
/// <param name="Kind"><c>service</c> or <c>middleware</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Summary">Future purpose of the module, one sentence.</param>
public sealed record PlannedModule(string Kind, string Name, string Summary)
{
    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>For services: whether it will be an endpoint that listens on its own port rather than on the network's HTTP listener.</summary>
    public bool HasOwnListener { get; init; }
}

/// <summary>Builds instances of a module from a table of options.</summary>
/// <typeparam name="TContext">Type of the context of the factory.</typeparam>
/// <typeparam name="TInstance">Type of the instance.</typeparam>
public sealed class ModuleFactory<TContext, TInstance>
    where TContext : ModuleContext
    where TInstance : class
{
    private readonly Func<ConfigNode, TContext, TInstance?> _create;

    private ModuleFactory(Type optionsType, Func<ConfigNode, TContext, TInstance?> create)
    {
        OptionsType = optionsType;
        _create = create;
    }

    /// <summary>The record that mirrors the options.</summary>
    public Type OptionsType { get; }

    /// <summary>Makes a factory.</summary>
    /// <param name="create">Builds an instance from bound options; adds to the context's problems and returns null where it cannot.</param>
    public static ModuleFactory<TContext, TInstance> From<TOptions>(Func<TOptions, TContext, TInstance?> create)
        where TOptions : ConfigNode
        => new(typeof(TOptions), (options, context) => create((TOptions)options, context));

    /// <summary>Binds the options and builds an instance; null when the problems got an error.</summary>
    public TInstance? Create(OptionsTable options, string what, TContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var bound = Check(options, what, context.Problems);
        return bound.IsFaulty ? null : _create(bound, context);
    }

    /// <summary>Binds the options without building anything.</summary>
    public ConfigNode Check(OptionsTable options, string what, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TomlBinder.Bind(OptionsType, options.Table, what, problems);
    }
}

/// <summary>
/// Tables that something has been built from, so that those left over can be looked at as well. For what only modules know to be
/// referred to, such as rules. Used while one configuration is built, by one thread.
/// </summary>
public sealed class UsedSections
{
    private readonly HashSet<ConfigNode> _used = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes that something is built from a table.</summary>
    public void Add(ConfigNode section) => _used.Add(section);

    /// <summary>Whether something was.</summary>
    public bool Contains(ConfigNode section) => _used.Contains(section);
}
