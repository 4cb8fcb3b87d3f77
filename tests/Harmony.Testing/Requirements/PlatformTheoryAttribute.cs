namespace Harmony.Testing.Requirements;

/// <summary>A theory about what only some operating systems have, skipped on others.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PlatformTheoryAttribute : TheoryAttribute
{
    /// <param name="platforms">Their names as <see cref="OperatingSystem.IsOSPlatform"/> has them: <c>linux</c>, <c>macos</c>.</param>
    public PlatformTheoryAttribute(params string[] platforms)
    {
        Platforms = platforms;
        if (!platforms.Any(OperatingSystem.IsOSPlatform)) Skip = $"only on {string.Join(" and ", platforms)}";
    }

    /// <summary>Where it runs.</summary>
    public IReadOnlyList<string> Platforms { get; }
}
