using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>One file of a configuration.</summary>
/// <param name="Name">As messages call it.</param>
/// <param name="Table">What it holds, variables substituted.</param>
/// <param name="Content">The same, bound to records.</param>
public sealed record ConfigFile(string Name, TomlTable Table, ConfigFileContent Content);

/// <summary>Where the files are that a configuration names.</summary>
public static class ConfigPaths
{
    /// <summary>
    /// The file to read: relative paths are looked for in the folder of the main file first, then in the working directory. Where there is
    /// none, the path beside the main file, for the message.
    /// </summary>
    /// <param name="directory">The folder of the main file.</param>
    /// <param name="configured">The path as configured.</param>
    public static string Find(string directory, string configured)
    {
        if (Path.IsPathRooted(configured)) return configured;
        var besideConfig = Path.Combine(directory, configured);
        return File.Exists(besideConfig) || !File.Exists(configured) ? besideConfig : Path.GetFullPath(configured);
    }
}

/// <summary>
/// Every file and folder that a configuration was read from: its own files, and those that they name (keys, specs, schemas, users).
/// Each has the stamp it had before it was read, so a change while reading is seen as one afterwards. Safe for concurrent use.
/// </summary>
public sealed class ConfigSources
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FileStamp Stamp, ulong Content)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileStamp> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    /// <summary>
    /// The configuration's own files: the main file and everything in its <c>pipelines</c>, <c>transforms</c> and <c>mesh</c> folders.
    /// Absolute paths, in a fixed order. The other files have a life of their own: certificates, users, databases.
    /// </summary>
    public IReadOnlyList<string> OwnFiles
    {
        get
        {
            lock (_lock) return [.. _own.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The files that the configuration names: certificates, users, specs. Absolute paths.</summary>
    public IReadOnlyList<string> OtherFiles
    {
        get
        {
            lock (_lock) return [.. _files.Keys.Where(f => !_own.Contains(f))];
        }
    }

    /// <summary>The folders in which something is that matters, absolute.</summary>
    public IReadOnlyList<string> Folders
    {
        get
        {
            lock (_lock) return [.. _files.Keys.Select(f => Path.GetDirectoryName(f) ?? "/").Concat(_folders.Keys).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Notes a file that is about to be read. Only the first time counts.</summary>
    public void Add(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return; // no path; opening it gives the error
        var full = Path.GetFullPath(path);
        lock (_lock)
        {
            if (!_files.ContainsKey(full)) _files[full] = (FileStamp.OfFile(full), FileStamp.ContentOf(full));
        }
    }

    /// <summary>Notes the files and folders of another configuration, as they are now.</summary>
    public void Include(ConfigSources other)
    {
        ArgumentNullException.ThrowIfNull(other);
        List<string> files, folders;
        lock (other._lock) (files, folders) = ([.. other._files.Keys], [.. other._folders.Keys]);
        foreach (var file in files) Add(file);
        lock (_lock)
        {
            foreach (var folder in folders) _folders.TryAdd(folder, FileStamp.OfFolder(folder));
        }
    }

    /// <summary>Notes one of the configuration's own files.</summary>
    public void AddOwn(string path)
    {
        Add(path);
        if (path.Contains('\0', StringComparison.Ordinal)) return;
        lock (_lock) _own.Add(Path.GetFullPath(path));
    }

    /// <summary>Notes one of the configuration's own folders, with its files.</summary>
    public void AddFolder(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return;
        var full = Path.GetFullPath(path);
        lock (_lock) _folders.TryAdd(full, FileStamp.OfFolder(full));
        foreach (var file in FileStamp.FilesIn(full)) AddOwn(file);
    }

    /// <summary>Notes a folder that the configuration names, with its files: what is added there matters, too.</summary>
    public void AddOtherFolder(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return;
        var full = Path.GetFullPath(path);
        lock (_lock) _folders.TryAdd(full, FileStamp.OfFolder(full));
        foreach (var file in FileStamp.FilesIn(full)) Add(file);
    }

    /// <summary>What is no longer as it was when it was read, absolute paths.</summary>
    /// <param name="thoroughly">Whether small files are read to compare them; else only their sizes and times are.</param>
    public IReadOnlyList<string> Changed(bool thoroughly)
    {
        lock (_lock)
        {
            return
            [
                .. _files.Where(f => FileStamp.OfFile(f.Key) != f.Value.Stamp || (thoroughly && FileStamp.ContentOf(f.Key) != f.Value.Content))
                    .Select(f => f.Key),
                .. _folders.Where(f => FileStamp.OfFolder(f.Key) != f.Value).Select(f => f.Key),
            ];
        }
    }
}
