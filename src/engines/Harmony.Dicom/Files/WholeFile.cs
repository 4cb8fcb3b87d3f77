using Harmony.Shared;

namespace Harmony.Dicom.Files;

/// <summary>Writes files that get their name when they are complete: a crash leaves the old file or the new one.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file beside its place and moves it there, over a file of that name.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="isDurable">Whether file and name are on the disk when this returns, and not only in the cache of the system.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written; then nothing is left behind.</exception>
    public static async ValueTask WriteAsync(string path, bool isDurable, Func<Stream, ValueTask> write)
    {
        var folder = Path.GetDirectoryName(path)!;
        var partial = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await write(file);
                if (isDurable) file.Flush(flushToDisk: true); // before the rename: the name says that the file is complete
            }

            File.Move(partial, path, overwrite: true);
            if (isDurable) FolderEntries.Flush(folder);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
