namespace Harmony.Core.Configuration;

/// <summary>
/// A configuration's own files as they were once, in a folder of the gateway's user, read in the place of those on the disk. Files that are not among them,
/// such as certificates, are read where they are.
/// </summary>
public sealed class EarlierFiles : IDisposable
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly string _folder;
    private volatile bool _isGone;

    private EarlierFiles(string folder) => _folder = folder;

    /// <summary>Lays files out.</summary>
    /// <param name="files">Absolute paths on the disk, and what the files held.</param>
    /// <exception cref="IOException">There is no room for them.</exception>
    public static EarlierFiles Create(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var earlier = new EarlierFiles(Directory.CreateTempSubdirectory("harmony-earlier-").FullName); // 0700
        try
        {
            foreach (var (path, content) in files)
            {
                var place = Path.Combine(earlier._folder, $"{earlier._places.Count}-{Path.GetFileName(path)}");
                File.WriteAllBytes(place, content);
                earlier._places[Path.GetFullPath(path)] = place;
            }

            return earlier;
        }
        catch
        {
            earlier.Dispose();
            throw;
        }
    }

    /// <summary>Where to read a file: its earlier content, or the file itself where none was kept or these files are gone.</summary>
    /// <param name="path">The file on the disk.</param>
    public string PlaceOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !_isGone && !path.Contains('\0', StringComparison.Ordinal) && _places.TryGetValue(Path.GetFullPath(path), out var place) ? place : path;
    }

    /// <summary>The files that a folder held, by their paths on the disk, in a fixed order.</summary>
    /// <param name="folder">The folder on the disk.</param>
    public IEnumerable<string> In(string folder)
        => _places.Keys.Where(p => Path.GetDirectoryName(p) == Path.GetFullPath(folder).TrimEnd('/')).Order(StringComparer.Ordinal);

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        _isGone = true;
        Directory.Delete(_folder, recursive: true);
    }
}
