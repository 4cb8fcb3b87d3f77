namespace Harmony.Core.Storage;

/// <summary>Writes files so that readers see the old content or the new, never a part.</summary>
public static class AtomicFile
{
    private static int _written; // two writers of one file do not share what they write

    /// <summary>Writes a file beside its place and moves it there. Where the place is a symbolic link, what it leads to is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Who may read and write it.</param>
    /// <param name="isDurable">Whether the file and its name are on the disk when this returns, and not only in the cache of the system.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool isDurable = true)
    {
        var target = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        // A hidden file is not read as a file of the configuration.
        var passing =
            Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Environment.ProcessId}-{Interlocked.Increment(ref _written)}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        try
        {
            using (var stream = new FileStream(passing, options))
            {
                stream.Write(content);
                if (isDurable) stream.Flush(flushToDisk: true);
            }

            File.Move(passing, target, overwrite: true);
            if (isDurable) DurableFolders.FlushEntries(Path.GetDirectoryName(target)!); // the name is safe only when its folder is on the disk
        }
        catch
        {
            File.Delete(passing);
            throw;
        }
    }
}
