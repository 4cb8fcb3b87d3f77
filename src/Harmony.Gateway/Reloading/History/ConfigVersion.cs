using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Reloading.History;

/// <summary>A configuration that was applied once, with the content of its own files. Holds secrets if those do.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="AppliedAt">When it was applied.</param>
/// <param name="Reason">Why: <c>start</c>, <c>files changed</c>.</param>
/// <param name="Hash">SHA-256 over names and content, lower-case hexadecimal.</param>
/// <param name="Files">Its files.</param>
internal sealed record ConfigVersion(int Version, DateTimeOffset AppliedAt, string Reason, string Hash, IReadOnlyList<KeptFile> Files)
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>
    /// What it changed: tables, or files where only those could be compared, as <c>+ added, - removed, ~ changed</c>. Empty where there was none before.
    /// </summary>
    public string Changes { get; init; } = "";

    /// <summary>The files that are not those of an earlier version, in the same words; <c>nothing</c> where all are.</summary>
    public string FilesChangedSince(ConfigVersion earlier)
    {
        var (before, after) = (ByPath(earlier), ByPath(this));
        var changes = after.Keys.Except(before.Keys).Select(p => "+" + p)
            .Concat(before.Keys.Except(after.Keys).Select(p => "-" + p))
            .Concat(after.Where(f => before.TryGetValue(f.Key, out var was) && !was.AsSpan().SequenceEqual(f.Value)).Select(f => "~" + f.Key)).ToList();
        return changes.Count == 0 ? "nothing" : string.Join(", ", changes);

        static Dictionary<string, byte[]> ByPath(ConfigVersion version)
            => version.Files.ToDictionary(f => Path.GetFileName(f.Path) is var name && version.Files.Count(o => Path.GetFileName(o.Path) == name) == 1
                ? name : f.Path, f => f.Content, StringComparer.Ordinal);
    }

    /// <summary>
    /// Reads the own files of a configuration that has just been built. What is kept is what was built: a file that has changed since then is a failure.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read, or has changed.</exception>
    public static ConfigVersion Of(ConfigSet config, string reason, DateTimeOffset now)
    {
        var files = config.Sources.OwnFiles.Where(IsKept).Select(KeptFile.Read).ToList();
        if (config.Sources.Changed(thoroughly: true) is [var changed, ..]) throw new IOException($"'{changed}' has changed since it was loaded");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Content.Length}\n"));
            hash.AppendData(file.Content);
        }

        return new ConfigVersion(0, now, reason, Convert.ToHexStringLower(hash.GetCurrentHash()), files);
    }

    /// <summary>Its files, to be read in the place of those on the disk. The caller disposes them.</summary>
    /// <exception cref="IOException">There is no room for them.</exception>
    public EarlierFiles LayOut() => EarlierFiles.Create(Files.Select(f => KeyValuePair.Create(f.Path, f.Content)));

    /// <summary>Whether the history holds a file: it exists and has at most 1 MiB.</summary>
    public static bool IsKept(string path) => new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes };

    /// <summary>Never the content.</summary>
    public override string ToString() => $"version {Version} of {AppliedAt:O}";
}

/// <summary>A file as it was.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">The permissions of the file.</param>
internal sealed record KeptFile(string Path, byte[] Content, UnixFileMode Mode)
{
    /// <summary>Reads a file.</summary>
    public static KeptFile Read(string path)
        => new(path, File.ReadAllBytes(path), OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path));

    /// <summary>Never the content.</summary>
    public override string ToString() => Path;
}
