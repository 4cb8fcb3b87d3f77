namespace Harmony.Testing;

/// <summary>
/// Finds test data that is too large or not ours to keep in the repository: in the folder <c>shared</c> beside the repository,
/// or where the environment variable <c>HARMONY_SHARED</c> points. Tests that use it pass without it.
/// </summary>
public static class SharedFolder
{
    /// <summary>The file or folder <paramref name="parts"/> below the shared folder; null when it is not there.</summary>
    public static string? Find(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("HARMONY_SHARED") is { Length: > 0 } given ? given : BesideRepository();
        if (root is null) return null;
        var path = Path.Combine([root, .. parts]);
        return Path.Exists(path) ? path : null;
    }

    private static string? BesideRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Harmony.slnx"))) continue;
            return folder.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared");
        }

        return null;
    }
}
