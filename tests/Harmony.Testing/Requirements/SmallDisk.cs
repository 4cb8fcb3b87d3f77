using System.Diagnostics;

namespace Harmony.Testing.Requirements;

/// <summary>A file system of 1 MiB. Only root can make one; a test that needs it says so (<see cref="SmallDiskFactAttribute"/>).</summary>
public sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Refusal = new(() =>
    {
        using var disk = TryMount();
        return disk is null ? "only root on Linux can mount a small file system" : null;
    });

    private readonly TestFolder _folder;

    private SmallDisk(TestFolder folder) => _folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder => _folder.Path;

    /// <summary>Why a test that needs one has to be skipped; null where one can be mounted, which is tried once.</summary>
    public static string? WhySkipped => Refusal.Value;

    /// <summary>Mounts one.</summary>
    /// <exception cref="InvalidOperationException">That is not allowed here.</exception>
    public static SmallDisk Mount() => TryMount() ?? throw new InvalidOperationException("a file system cannot be mounted");

    private static SmallDisk? TryMount()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        var folder = new TestFolder();
        if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.Path)) return new SmallDisk(folder);
        folder.Dispose();
        return null;
    }

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var isOver = process.WaitForExit(Guard.Limit);
        if (!isOver) process.Kill();
        return isOver && process.ExitCode == 0;
    }
}
