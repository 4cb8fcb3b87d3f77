namespace Harmony.Gateway.Reloading.History;

/// <summary>A file as it was.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Who may read and write it.</param>
internal sealed record KeptFile(string Path, byte[] Content, UnixFileMode Mode)
{
    /// <summary>Reads a file.</summary>
    public static KeptFile Read(string path) => new(path, File.ReadAllBytes(path), OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path));

    /// <summary>Never the content.</summary>
    public override string ToString() => Path;
}
