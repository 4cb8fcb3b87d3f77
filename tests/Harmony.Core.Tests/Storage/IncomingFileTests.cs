using Harmony.Core.Storage;
using Harmony.Testing;

namespace Harmony.Core.Tests.Storage;

public sealed class IncomingFileTests
{
    /// <summary>
    /// What cannot be deleted is cleaned up later; an exception would hide the one that says why nothing was stored, and an open handle would keep its disk.
    /// </summary>
    [Fact]
    public void Dispose_FileThatCannotBeDeleted_ClosesItAndDoesNotThrow()
    {
        if (!OperatingSystem.IsLinux()) return; // /proc
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "a.part");
        var file = new IncomingFile(path);
        Assert.True(IsOpen(path));
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "not empty")); // in its place
        file.Dispose();
        Assert.False(IsOpen(path));
    }

    private static bool IsOpen(string path)
        => Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget?.StartsWith(path, StringComparison.Ordinal) == true);
}
