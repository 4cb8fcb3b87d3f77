using System.Runtime.InteropServices;

namespace Harmony.Dicom.Files;

/// <summary>The names in a folder, which have to be on the disk for its files to be found after a crash.</summary>
internal static class FolderEntries
{
    private const int ReadOnly = 0;

    /// <summary>Waits until the disk has the entries of a folder.</summary>
    /// <exception cref="IOException">The disk cannot take them.</exception>
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
