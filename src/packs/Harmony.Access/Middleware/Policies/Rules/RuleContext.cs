using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>What a rule is built from.</summary>
internal sealed class RuleContext
{
    /// <summary>Its name, for logs and answers.</summary>
    public required string Name { get; init; }

    /// <summary>Heavier rules come first.</summary>
    public required int Weight { get; init; }

    /// <summary>What the options are, for messages: <c>[rules.office.options]</c>.</summary>
    public required string What { get; init; }

    /// <summary>Whose state it keeps: file, middleware, policy and rule.</summary>
    public required string Owner { get; init; }

    /// <summary>The options as read.</summary>
    public required OptionsTable Options { get; init; }

    /// <summary>Takes what is wrong with them.</summary>
    public required ConfigProblems Problems { get; init; }

    /// <summary>What every module shares.</summary>
    public required BuildEnvironment Environment { get; init; }

    /// <summary>Binds the options; false when the problems got an error.</summary>
    public bool TryBind<T>(out T options)
        where T : ConfigNode
    {
        options = TomlBinder.Bind<T>(Options.Table, What, Problems);
        return !options.IsFaulty;
    }

    /// <summary>Adds an error at a key of the options.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Fail(SourceLocation location, string message)
    {
        Problems.Error(location, message);
        return false;
    }
}
