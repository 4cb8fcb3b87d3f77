using System.Runtime.InteropServices;

namespace Harmony.Core.Configuration;

/// <summary>Tells files from the pipes, sockets and devices that stand in folders beside them. The runtime has no call for that.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeWanted = 1; // STATX_TYPE
    private const int ModeOffset = 28; // of stx_mode in struct statx, the same on every architecture
    private const int TypeBits = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Folder = 0x4000; // S_IFDIR: whoever opens a folder is told so in better words

    /// <summary>False for pipes, sockets and devices, links followed. True where nothing is there, and where the system cannot say.</summary>
    public static bool MayBeRegular(string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> status = stackalloc byte[256];
        if (GetStatus(CurrentFolder, path, 0, TypeWanted, ref MemoryMarshal.GetReference(status)) != 0) return true;
        return (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeBits) is Regular or Folder;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetStatus(int folder, string path, int flags, uint mask, ref byte status);
}
