namespace Harmony.Core.Modules;

/// <summary>What a step does with a body. A pipeline whose steps all ignore it streams.</summary>
public enum BodyUse
{
    /// <summary>Never looks at it.</summary>
    Ignores,

    /// <summary>Looks at it and leaves it as it is.</summary>
    Reads,

    /// <summary>May put another in its place.</summary>
    Replaces,
}
