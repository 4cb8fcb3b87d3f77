using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>What a module is given to build an instance from besides its options.</summary>
public abstract class ModuleContext
{
    /// <summary>The instance's name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Where its table stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The file its table stands in; references are looked for there first.</summary>
    public required string File { get; init; }

    /// <summary>Takes what is wrong with the options.</summary>
    public required ConfigProblems Problems { get; init; }

    /// <summary>What every module shares.</summary>
    public required BuildEnvironment Environment { get; init; }

    /// <summary>The whole configuration, for modules that refer to other tables.</summary>
    public ConfigSet Config => Environment.Config;
}
