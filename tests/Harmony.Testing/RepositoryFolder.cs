namespace Harmony.Testing;

/// <summary>Finds files of the repository from within a test.</summary>
public static class RepositoryFolder
{
    /// <summary>The folder that holds <c>Harmony.slnx</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run below it.</exception>
    public static string Root { get; } = Find();

    /// <summary>The file or folder <paramref name="parts"/> below the root, whether it is there or not.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Harmony.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Harmony.slnx");
    }
}
