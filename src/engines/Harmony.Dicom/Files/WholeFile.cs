using System.Runtime.InteropServices;

namespace Harmony.Dicom.Files;

/// <summary>Writes files that have their name only when all of them is there.</summary>
internal static class WholeFile
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Writes a file beside its place and moves it there, in place of one of that name.</summary>
    /// <param name="path">The file, in full.</param>
    /// <param name="isDurable">Whether the file is on the disk, and not only in the cache of the system, when it has its name.</param>
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
                if (isDurable) file.Flush(flushToDisk: true); // before the name, which says that all of it is there
            }

            File.Move(partial, path, overwrite: true);
            if (isDurable) FlushEntries(folder);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Waits until the disk has the entries of a folder.</summary>
    /// <exception cref="IOException">The disk cannot take them.</exception>
    private static void FlushEntries(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS keeps entries in its journal
        var file = Open(folder, ReadOnly);
        if (file < 0) throw new IOException($"a folder cannot be opened: error {Marshal.GetLastPInvokeError()}", Marshal.GetLastPInvokeError());
        var result = FileSync(file);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(file);
        if (result != 0) throw new IOException($"a folder cannot be written to the disk: error {error}", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileSync(int file);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
