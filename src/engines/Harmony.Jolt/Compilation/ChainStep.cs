using Harmony.Jolt.Operations;

namespace Harmony.Jolt.Compilation;

/// <summary>An operation of a chain and the name the spec gave it.</summary>
internal sealed record ChainStep(string Name, IOperation Operation);
