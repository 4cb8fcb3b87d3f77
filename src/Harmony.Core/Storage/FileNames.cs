using System.Runtime.InteropServices;

namespace Harmony.Core.Storage;

/// <summary>Gives files names that nobody has, atomically, which the platform's own move does not promise.</summary>
internal static partial class FileNames
{
    private const int Exists = 17; // EEXIST

    /// <summary>Moves a file to a name that nobody has; false where somebody has it.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static bool TryTake(string from, string to)
    {
        if (OperatingSystem.IsWindows()) return TryMove(from, to);
        // link(2) refuses a name that is taken, and is atomic also over NFS (POSIX.1-2017).
        if (Link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

        // Not every file system has links; there the check and the move are two steps.
        return Marshal.GetLastPInvokeError() != Exists && TryMove(from, to);
    }

    private static bool TryMove(string from, string to)
    {
        if (Path.Exists(to)) return false;
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
