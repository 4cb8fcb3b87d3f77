namespace Harmony.Testing.Requirements;

/// <summary>A theory about test data outside the repository, skipped where they are missing; see <see cref="SharedFolder"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <param name="path">The file or folder below the shared folder.</param>
    public SharedTheoryAttribute(string path)
    {
        Path = path;
        Skip = SharedFolder.WhySkipped(path);
    }

    /// <summary>The file or folder below the shared folder.</summary>
    public string Path { get; }
}
