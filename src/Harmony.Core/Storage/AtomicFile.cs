using Harmony.Shared;

namespace Harmony.Core.Storage;

/// <summary>Writes files so that readers see the old content or the new, never a part.</summary>
public static class AtomicFile
{
    private static int _written; // two writers of one file do not share what they write

    /// <summary>Writes a file beside its place and moves it there. Where the place is a symbolic link, what it leads to is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">The permissions of the file.</param>
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

            Place(passing, target, overwrite: true, isDurable);
        }
        catch
        {
            File.Delete(passing);
            throw;
        }
    }

    /// <summary>
    /// Moves a file that is written to its end, and flushed, to its place on the same file system. A crash leaves the old file there or the new one.
    /// </summary>
    /// <param name="written">The file.</param>
    /// <param name="path">Its place, in a folder that exists.</param>
    /// <param name="overwrite">Whether a file of that name is replaced.</param>
    /// <param name="isDurable">Whether the name is on the disk when this returns: the name is safe only when the entries of its folder are.</param>
    /// <exception cref="IOException">The name is taken, or the file cannot be moved.</exception>
    public static void Place(string written, string path, bool overwrite, bool isDurable = true)
    {
        File.Move(written, path, overwrite);
        if (isDurable) FolderEntries.Flush(Path.GetDirectoryName(path)!);
    }
}
