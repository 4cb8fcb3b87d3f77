namespace Harmony.Jmix.Packaging;

/// <summary>A temporary file that is deleted when it is disposed, or when the process ends.</summary>
internal static class TemporaryFile
{
    /// <summary>Creates a temporary file.</summary>
    /// <param name="folder">The folder; null for the system's temporary folder.</param>
    public static FileStream Create(string? folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(folder ?? Path.GetTempPath(), $"jmix-{Guid.NewGuid():N}.tmp"), options);
    }
}
