using System.Globalization;
using Harmony.Core.Faults;

namespace Harmony.Core.Storage;

/// <summary>
/// Counts the bytes of a folder against a limit: what is there at the first use, and what this process writes and deletes from then on. What other processes
/// do in the folder is counted anew by <see cref="Recount"/>.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="limit">Most bytes; null for any number.</param>
internal sealed class StorageQuota(string root, long? limit)
{
    private readonly Lock _lock = new();
    private long? _used;

    /// <summary>Takes room for bytes that are about to be written.</summary>
    /// <exception cref="GatewayException">There is none left: <see cref="FaultKind.StorageFull"/>.</exception>
    public void Take(long bytes)
    {
        if (limit is null) return;
        lock (_lock)
        {
            var used = _used ??= Count();
            if (used + bytes > limit)
            {
                throw new GatewayException(FaultSource.Gateway, FaultKind.StorageFull,
                    string.Create(CultureInfo.InvariantCulture,
                        $"'{root}' is full: it holds {used} bytes of {limit} ('max_bytes'); delete objects or raise the limit"), retryable: true);
            }

            _used = used + bytes;
        }
    }

    /// <summary>Gives back the room of bytes that are gone, or that were not written after all.</summary>
    public void Give(long bytes)
    {
        if (limit is null) return;
        lock (_lock) _used = Math.Max(0, (_used ??= Count()) - bytes);
    }

    /// <summary>Counts the folder anew.</summary>
    public void Recount()
    {
        if (limit is null) return;
        lock (_lock) _used = Count();
    }

    private long Count()
    {
        if (!Directory.Exists(root)) return 0;
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(root).EnumerateFiles("*", everything).Where(f => !IncomingFiles.IsLock(f)).Sum(Length);
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // it went a moment ago
        }
    }
}
