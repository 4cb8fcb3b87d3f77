using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management.Validation;

/// <summary>A folder with the files that were sent, and nothing else. Only the gateway's user can look into it, and it is gone afterwards.</summary>
internal sealed class ShadowFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private ShadowFolder(string path, string main) => (Path, MainFile) = (path, System.IO.Path.Combine(path, main));

    /// <summary>The folder itself, absolute.</summary>
    public string Path { get; }

    /// <summary>The main file in it.</summary>
    public string MainFile { get; }

    /// <summary>Makes one.</summary>
    /// <param name="files">What is in it.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static ShadowFolder Create(UploadedFiles files)
    {
        var shadow = new ShadowFolder(Directory.CreateTempSubdirectory("harmony-validate-").FullName, files.Main); // 0700
        try
        {
            foreach (var (name, content) in files.Contents) shadow.Write(name, content);
            return shadow;
        }
        catch
        {
            shadow.Dispose();
            throw;
        }
    }

    /// <summary>The problem with paths as the user knows them, without this folder.</summary>
    public ConfigProblem Translate(ConfigProblem problem) => problem with
    {
        Location = problem.Location with { File = WithoutPath(problem.Location.File) },
        Message = WithoutPath(problem.Message),
    };

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string WithoutPath(string text)
        => text.Replace(Path + "/", "", StringComparison.Ordinal)
            .Replace(System.IO.Path.GetRelativePath(Environment.CurrentDirectory, Path) + "/", "", StringComparison.Ordinal);

    private void Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }
}
