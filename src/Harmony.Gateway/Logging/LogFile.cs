namespace Harmony.Gateway.Logging;

/// <summary>Opens the log file.</summary>
internal static class LogFile
{
    /// <summary>A file at <paramref name="path"/> to add lines to, with its folders; null, with a complaint, when that cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="complain">Tells the operator.</param>
    public static StreamSink? TryOpen(string path, Action<string> complain)
    {
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
            return new StreamSink(new FileStream(full, Options()), $"'{path}'", colours: false, complain);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            complain($"cannot open the log file '{path}': {exception.Message}");
            return null;
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append, // after a crash, the last lines before it are what one wants to read
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete, // to be followed and rotated
            BufferSize = 0, // the sink writes in batches
        };

        // Dumps may be in it: not for everybody on the machine.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return options;
    }
}
