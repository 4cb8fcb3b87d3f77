using System.Text;

namespace Harmony.Core.Storage;

/// <summary>
/// The files of a store that are being written. They are on the file system of the others, so that a file only needs another name: in
/// <c>.incoming/ID</c>, beside <c>.incoming/ID.lock</c>, which names the machine and is locked while a writer may be writing there.
/// </summary>
/// <remarks>
/// On some network file systems a lock holds on its own machine only. So files of another machine are leftovers only when, besides, no process has written to
/// them for an hour.
/// </remarks>
/// <param name="parent">The folder <c>.incoming</c>.</param>
internal sealed class IncomingFiles(string parent) : IDisposable
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly string _id = Guid.NewGuid().ToString("N");
    private FileStream? _held;

    private string Folder => Path.Combine(parent, _id);

    /// <summary>Whether a file of a store says only who writes there.</summary>
    public static bool IsLock(FileInfo file) => file.Extension == ".lock" && file.Directory?.Name == ".incoming";

    /// <exception cref="IOException">The file cannot be created.</exception>
    public IncomingFile Create()
    {
        Hold();
        var path = Path.Combine(Folder, $"{Guid.NewGuid():N}.part");
        try
        {
            return new IncomingFile(path);
        }
        catch (DirectoryNotFoundException)
        {
            DurableFolders.Create(Folder); // another program deleted the folder
            return new IncomingFile(path);
        }
    }

    /// <summary>Deletes the files of those who hold their locks no longer, in whatever process they were.</summary>
    /// <returns>How many files there were.</returns>
    public int CleanUp()
    {
        if (!Directory.Exists(parent)) return 0;
        var count = 0;
        foreach (var locked in Directory.EnumerateFiles(parent, "*.lock")) count += TryDelete(locked);
        return count;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_held is null) return;
            Delete(Folder, _held.Name);
            _held.Dispose();
            _held = null;
        }
    }

    /// <summary>Takes the lock with the first file, so that a store that is only looked at writes nothing.</summary>
    private void Hold()
    {
        lock (_lock)
        {
            if (_held is not null) return;
            DurableFolders.Create(parent);
            _held = new FileStream(Folder + ".lock", FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            _held.Write(Encoding.UTF8.GetBytes(Environment.MachineName));
            DurableFolders.Create(Folder);
        }
    }

    private static int TryDelete(string locked)
    {
        try
        {
            using var taken = new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var folder = Path.ChangeExtension(locked, null);
            return IsOfThisMachine(taken) || IsAbandoned(folder) ? Delete(folder, locked) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // another process holds the lock
        }
    }

    private static bool IsOfThisMachine(FileStream locked)
    {
        using var reader = new StreamReader(locked, Encoding.UTF8, leaveOpen: true);
        return reader.ReadToEnd() is var name && (name.Length == 0 || name == Environment.MachineName);
    }

    private static bool IsAbandoned(string folder)
    {
        if (!Directory.Exists(folder)) return true;
        var lastWrite = Directory.GetFiles(folder).Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(folder)).Max();
        return lastWrite < TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned;
    }

    private static int Delete(string folder, string locked)
    {
        var count = 0;
        if (Directory.Exists(folder))
        {
            count = Directory.GetFiles(folder).Length;
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(locked); // last: as long as there is a folder, its lock tells whose it is
        return count;
    }
}
