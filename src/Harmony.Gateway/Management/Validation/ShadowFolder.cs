using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management.Validation;

/// <summary>
/// A folder that looks like the configuration's own with other files in it: uploaded files as such, everything else (certificates, users,
/// schemas) as links to what is there. Only the gateway's user can look into it, and it is gone afterwards.
/// </summary>
internal sealed class ShadowFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;

    private ShadowFolder(string path, string main) => (_path, MainFile) = (path, Path.Combine(path, main));

    /// <summary>The main file in it.</summary>
    public string MainFile { get; }

    /// <summary>Makes one.</summary>
    /// <param name="files">What is in it.</param>
    /// <param name="running">What else is.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static ShadowFolder Create(UploadedFiles files, ConfigSet running)
    {
        var shadow = new ShadowFolder(Directory.CreateTempSubdirectory("harmony-validate-").FullName, files.Main); // 0700
        try
        {
            foreach (var (name, content) in files.Contents) shadow.Write(name, content);
            shadow.LinkOthers(running);
            return shadow;
        }
        catch
        {
            shadow.Dispose();
            throw;
        }
    }

    /// <summary>The problem as somebody means it who knows nothing of this folder.</summary>
    public ConfigProblem Translate(ConfigProblem problem) => problem with
    {
        Location = problem.Location with { File = WithoutPath(problem.Location.File) },
        Message = WithoutPath(problem.Message),
    };

    /// <summary>Links are removed, not what they lead to.</summary>
    public void Dispose() => Directory.Delete(_path, recursive: true);

    private string WithoutPath(string text)
        => text.Replace(_path + "/", "", StringComparison.Ordinal).Replace(Path.GetRelativePath(Environment.CurrentDirectory, _path) + "/", "", StringComparison.Ordinal);

    private void Write(string name, string content)
    {
        var path = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }

    private void LinkOthers(ConfigSet running)
    {
        // A set is whole: what it does not hold of the configuration's own files and folders is not there.
        var own = running.Sources.OwnFiles.Select(f => Top(running.Directory, f)).ToHashSet(StringComparer.Ordinal);
        own.UnionWith([running.Proxy.PipelinesPath, running.Proxy.TransformsPath, running.Proxy.MeshPath]);
        foreach (var entry in Directory.EnumerateFileSystemEntries(running.Directory))
        {
            var name = Path.GetFileName(entry);
            if (!own.Contains(name)) Link(name, entry);
        }
    }

    private void Link(string name, string entry)
    {
        var place = Path.Combine(_path, name);
        if (File.Exists(place)) return;
        if (!Directory.Exists(place)) File.CreateSymbolicLink(place, entry);
        else if (Directory.Exists(entry))
        {
            foreach (var inner in Directory.EnumerateFileSystemEntries(entry)) Link(Path.Combine(name, Path.GetFileName(inner)), inner);
        }
    }

    private static string Top(string directory, string file) => Path.GetRelativePath(directory, file).Split(Path.DirectorySeparatorChar)[0];
}
