namespace Harmony.Jmix.Packaging;

/// <summary>A file of the engine's own that is gone when it is disposed, also when the process ends.</summary>
internal static class TemporaryFile
{
    /// <summary>Makes one.</summary>
    /// <param name="folder">Where; null for the system's folder.</param>
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
