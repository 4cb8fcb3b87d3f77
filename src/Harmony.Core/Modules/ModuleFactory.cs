using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>Builds instances of a module from a table of options.</summary>
/// <typeparam name="TContext">What it is given besides.</typeparam>
/// <typeparam name="TInstance">What it builds.</typeparam>
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
