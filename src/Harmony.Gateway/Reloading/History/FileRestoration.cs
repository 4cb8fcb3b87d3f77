using Harmony.Core.Storage;

namespace Harmony.Gateway.Reloading.History;

/// <summary>The files of an earlier version put in the place of the current ones, with a way back.</summary>
internal sealed class FileRestoration
{
    private readonly List<(string Path, KeptFile? Before)> _replaced = [];

    /// <summary>
    /// Writes the files of a version and removes the configuration's others. Content that no version holds, because it was never applied,
    /// is kept beside its file as <c>NAME.unapplied~</c>.
    /// </summary>
    /// <param name="version">What to restore.</param>
    /// <param name="applied">What runs; null where it was not kept.</param>
    /// <param name="current">The configuration's own files now.</param>
    /// <exception cref="IOException">A file cannot be written; everything is as before.</exception>
    public static FileRestoration Begin(ConfigVersion version, ConfigVersion? applied, IReadOnlyList<string> current)
    {
        var restoration = new FileRestoration();
        try
        {
            foreach (var file in version.Files) restoration.Replace(file.Path, file, applied);
            foreach (var path in current.Where(ConfigVersion.IsKept).Except(version.Files.Select(f => f.Path))) restoration.Replace(path, null, applied);
        }
        catch
        {
            restoration.Undo();
            throw;
        }

        return restoration;
    }

    /// <summary>Puts everything back.</summary>
    public void Undo()
    {
        foreach (var (path, before) in _replaced) Put(path, before);
    }

    private void Replace(string path, KeptFile? file, ConfigVersion? applied)
    {
        var before = File.Exists(path) ? KeptFile.Read(path) : null;
        if (before is not null && file is not null && before.Content.AsSpan().SequenceEqual(file.Content)) return;
        if (before is not null && applied?.Files.Any(f => f.Path == path && f.Content.AsSpan().SequenceEqual(before.Content)) != true)
        {
            AtomicFile.Write(path + ".unapplied~", before.Content, before.Mode);
        }

        _replaced.Add((path, before));
        Put(path, file);
    }

    private static void Put(string path, KeptFile? file)
    {
        if (file is null)
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, file.Content, file.Mode);
    }
}
