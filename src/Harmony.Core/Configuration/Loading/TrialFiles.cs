namespace Harmony.Core.Configuration;

/// <summary>
/// The files that a configuration may read that is only tried: those that were sent, and those that the running configuration reads itself.
/// A user who may try a configuration must not read by it what the gateway's own user can read.
/// </summary>
/// <param name="running">The configuration that runs.</param>
/// <param name="folder">The folder of the files that were sent, absolute.</param>
/// <param name="problems">Takes an error for every other file.</param>
public sealed class TrialFiles(ConfigSet running, string folder, ConfigProblems problems)
{
    private readonly HashSet<string> _known = new(running.Sources.OtherFiles, StringComparer.Ordinal);
    private readonly List<string> _contents = [];

    /// <summary>What was read into values of the configuration, and may be secret.</summary>
    public IReadOnlyList<string> Contents => _contents;

    /// <summary>The file that a path means here; one that is not there where it may not be read.</summary>
    /// <param name="configured">The path as configured.</param>
    public string Resolve(string configured)
    {
        if (!configured.Contains('\0', StringComparison.Ordinal))
        {
            var sent = Path.GetFullPath(Path.Combine(folder, configured));
            if (Holds(sent) && File.Exists(sent)) return sent;
            var there = Path.GetFullPath(ConfigPaths.Find(running.Directory, configured));
            if (_known.Contains(there)) return there;
        }

        problems.Error(SourceLocation.None,
            $"'{configured}' is not among the files that were sent, and the running configuration does not read it; a trial reads nothing else");
        return Path.Combine(folder, ".not-sent");
    }

    /// <summary>Whether a path lies in the folder of the files that were sent.</summary>
    public bool Holds(string path) => Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether the running configuration has loaded a plug-in.</summary>
    /// <param name="module">Its path as configured.</param>
    public bool HasPlugin(string module) => running.Services.Concat(running.MiddlewareTypes).Any(r => r.Section.Module == module);

    /// <summary>Notes what a file that was not sent held, of which a value is made.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">What it held.</param>
    public void Took(string file, string content)
    {
        if (content.Length > 0 && !Holds(file)) _contents.Add(content);
    }
}
