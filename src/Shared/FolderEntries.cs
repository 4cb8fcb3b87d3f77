using System.Runtime.InteropServices;

namespace Harmony.Shared;

/// <summary>
/// The entries of a folder, which are the names of its files. A file that is flushed and renamed is safe only when the entries are on the disk too (fsync(2)).
/// Harmony.Core and Harmony.Dicom both compile this file: an engine refers to no project of the gateway.
/// </summary>
internal static class FolderEntries
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Waits until the disk has the entries of a folder.</summary>
    /// <exception cref="IOException">The folder cannot be opened or written.</exception>
    public static void Flush(string folder)
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
