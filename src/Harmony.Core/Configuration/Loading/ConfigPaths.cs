namespace Harmony.Core.Configuration;

/// <summary>Where the files are that a configuration names.</summary>
public static class ConfigPaths
{
    /// <summary>
    /// The file to read: relative paths are looked for in the folder of the main file first, then in the working directory. Where there is
    /// none, the path beside the main file, for the message.
    /// </summary>
    /// <param name="directory">The folder of the main file.</param>
    /// <param name="configured">The path as configured.</param>
    public static string Find(string directory, string configured)
    {
        if (Path.IsPathRooted(configured)) return configured;
        var besideConfig = Path.Combine(directory, configured);
        return File.Exists(besideConfig) || !File.Exists(configured) ? besideConfig : Path.GetFullPath(configured);
    }
}
