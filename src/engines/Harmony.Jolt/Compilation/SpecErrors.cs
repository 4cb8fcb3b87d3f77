namespace Harmony.Jolt.Compilation;

/// <summary>Collects what is wrong with a spec, so that its author sees all of it at once.</summary>
internal sealed class SpecErrors
{
    /// <summary>What keeps the spec from running.</summary>
    public List<JoltSpecError> Errors { get; } = [];

    /// <summary>What runs, but hardly as meant.</summary>
    public List<JoltSpecError> Warnings { get; } = [];
}
