namespace Harmony.Testing;

/// <summary>A folder for the files of one test, in the system's folder for temporary ones; gone when it is disposed.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Where it is, absolute.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    /// <summary>The path of a file in it, which need not be there.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, and makes the folders it stands in.</summary>
    /// <param name="name">Its path below this folder.</param>
    /// <param name="text">What it holds from now on.</param>
    /// <returns>Its absolute path.</returns>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes several files, by name.</summary>
    public void Write(IReadOnlyDictionary<string, string>? files)
    {
        foreach (var (name, text) in files ?? new Dictionary<string, string>()) Write(name, text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
