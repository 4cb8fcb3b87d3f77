using System.Collections.Concurrent;
using Harmony.Shared;

namespace Harmony.Core.Storage;

/// <summary>
/// The folders of a store. A file is safe only when its folder's entry for it is on the disk, and so on for each folder up to the root
/// (fsync(2)).
/// </summary>
/// <param name="root">The store's folder.</param>
/// <param name="isDurable">Whether the caller waits for the disk.</param>
public sealed class DurableFolders(string root, bool isDurable)
{
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal); // those whose entries are on the disk

    /// <summary>Makes the root or a folder below it where it is missing.</summary>
    public void Make(string folder)
    {
        var top = root;
        if (!Directory.Exists(folder))
        {
            _known.TryRemove(folder, out _);
            while (!Directory.Exists(top)) top = Path.GetDirectoryName(top)!;
            Create(folder);
        }
        else if (_known.ContainsKey(folder))
        {
            return;
        }

        if (!isDurable) return;
        // Another request may have made it a moment ago and still be waiting for the disk: who needs it waits too.
        for (var parent = folder; parent.Length > top.Length;)
        {
            parent = Path.GetDirectoryName(parent)!;
            FolderEntries.Flush(parent);
        }

        if (_known.Count >= MostKnown) _known.Clear();
        _known[folder] = true;
    }

    /// <summary>Waits until the disk has the entries of a folder.</summary>
    public void Flush(string folder)
    {
        if (isDurable) FolderEntries.Flush(folder);
    }

    /// <summary>Makes a folder that only the owner and the owner's group can look into.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent && !Directory.Exists(parent)) Create(parent); // the platform gives the mode to the last one only
        Directory.CreateDirectory(
            folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
    }
}
