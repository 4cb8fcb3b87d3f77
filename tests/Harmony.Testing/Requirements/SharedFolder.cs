namespace Harmony.Testing.Requirements;

/// <summary>
/// Finds test data that is too large or not ours to keep in the repository: in the folder <c>shared</c> beside the repository,
/// or where the environment variable <c>HARMONY_SHARED</c> points. A test that needs some says so (<see cref="SharedFactAttribute"/>) and
/// is reported as skipped without it, unless <c>HARMONY_REQUIRE_PEERS</c> is 1: then it fails.
/// </summary>
public static class SharedFolder
{
    /// <summary>The file or folder <paramref name="path"/> below the shared folder; null when it is not there.</summary>
    /// <param name="path">With slashes: <c>samples/dicom</c>.</param>
    public static string? Find(string path)
    {
        var root = Environment.GetEnvironmentVariable("HARMONY_SHARED") is { Length: > 0 } given ? given : BesideRepository();
        if (root is null) return null;
        var found = Path.Combine(root, path);
        return Path.Exists(found) ? found : null;
    }

    /// <summary>The file or folder <paramref name="path"/> below the shared folder.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string PathOf(string path) => Find(path) ?? throw new FileNotFoundException(WhyMissing(path));

    /// <summary>Why a test that needs this file or folder has to be skipped; null where it is here, or <c>HARMONY_REQUIRE_PEERS</c> is 1.</summary>
    public static string? WhySkipped(string path)
        => Environment.GetEnvironmentVariable("HARMONY_REQUIRE_PEERS") == "1" || Find(path) is not null ? null : WhyMissing(path);

    private static string WhyMissing(string path)
        => $"there is no '{path}' in the folder 'shared' beside the repository, nor where HARMONY_SHARED points";

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
