namespace Harmony.Jolt.Paths;

/// <summary>A key or path of a spec cannot be read. Caught where the spec is compiled, which knows file and place.</summary>
internal sealed class SpecSyntaxException(string message) : Exception(message);
