using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>Reads a main file and the files of its <c>pipelines</c>, <c>transforms</c> and <c>mesh</c> folders.</summary>
public sealed class ConfigLoader(ConfigProblems problems, Func<string, string?> environment)
{
    /// <summary>Tables that only the main file may hold.</summary>
    public static readonly IReadOnlyList<string> MainOnly = ["proxy", "management", "runbeam", "logging", "telemetry", "storage", "dicom", "extensions"];

    private readonly EnvironmentVariables _variables = new(environment, problems);

    /// <summary>Full paths, so that a folder given twice, or the main file's own, is not read twice.</summary>
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>What was read; <see cref="ConfigSet.Sources"/> is the same.</summary>
    public ConfigSources Sources { get; } = new();

    /// <summary>Whether a file could not be read or is no TOML: what is built of the rest would only complain about what is missing.</summary>
    public bool HasSyntaxErrors { get; private set; }

    /// <summary>What may be read where the configuration is only tried; null where it is to run.</summary>
    public TrialFiles? Trial { get; init; }

    /// <summary>The files of an earlier version, which are read in the place of those on the disk; null for those on the disk.</summary>
    public EarlierFiles? Earlier { get; init; }

    /// <summary>Reads everything there is to read; what is wrong goes to the problems.</summary>
    /// <param name="mainFile">Path of the main file, relative to the working directory or absolute.</param>
    public ConfigSet Load(string mainFile)
    {
        ArgumentNullException.ThrowIfNull(mainFile);
        if (string.IsNullOrWhiteSpace(mainFile) || mainFile.Contains('\0', StringComparison.Ordinal))
        {
            HasSyntaxErrors = true;
            problems.Error(SourceLocation.None, "cannot read the configuration file: its name is empty or not a path; name a file with --config FILE");
            return new ConfigSet(mainFile, "/", [], []);
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(mainFile)) ?? "/";
        _variables.Directory = directory;
        _variables.Sources = Sources;
        _variables.Trial = Trial;
        var files = new List<ConfigFile>();
        if (Read(mainFile, isMain: true) is { } main)
        {
            files.Add(main);
            var proxy = main.Content.Proxy ?? new ProxySection();
            if (!HasSyntaxErrors) CheckProxy(main, proxy);
            foreach (var (folder, key) in new[] { (proxy.PipelinesPath, "pipelines_path"), (proxy.TransformsPath, "transforms_path"),
                (proxy.MeshPath, "mesh_path") })
            {
                files.AddRange(ReadFolder(mainFile, folder));
                CheckFolder(Path.Combine(directory, folder), folder, key, proxy);
            }
        }

        return new ConfigSet(mainFile, directory, files, _variables.Used) { Sources = Sources, Trial = Trial, Earlier = Earlier };
    }

    private IEnumerable<ConfigFile> ReadFolder(string mainFile, string folder)
    {
        if (folder.Length == 0) yield break;
        var path = Path.Combine(Path.GetDirectoryName(mainFile) ?? "", folder);
        if (Trial is not null && !Trial.Holds(path))
        {
            problems.Error(SourceLocation.None, $"the folder '{folder}' is not among the files that were sent; a trial reads nothing else");
            yield break;
        }

        Sources.AddFolder(path);
        foreach (var file in FilesOf(path))
        {
            if (Read(file, isMain: false) is { } read) yield return read;
        }
    }

    /// <summary>The usual folders may be missing; a missing folder that the configuration names is misspelt.</summary>
    private void CheckFolder(string path, string folder, string key, ProxySection proxy)
    {
        var isUsual = folder.Length == 0 || folder + "_path" == key;
        if (Trial?.Holds(path) == false || Earlier is not null) return;
        if (File.Exists(path))
            problems.Warning(proxy.LocationOf(key), $"'{key}' must be a folder, and {TomlFound.Quote(folder)} is a file; nothing is read from it");
        else if (!isUsual && !Directory.Exists(path))
            problems.Warning(proxy.LocationOf(key), $"the folder {TomlFound.Quote(folder)} of '{key}' is not there; nothing is read from it");
    }

    private IEnumerable<string> FilesOf(string folder)
    {
        if (Earlier is not null) return Earlier.In(folder).Where(f => f.EndsWith(".toml", StringComparison.Ordinal)).ToList();
        if (!Directory.Exists(folder)) return [];
        try
        {
            var files = Directory.EnumerateFiles(folder).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
            foreach (var file in files.Where(f => f.EndsWith(".toml", StringComparison.OrdinalIgnoreCase) && !f.EndsWith(".toml", StringComparison.Ordinal)))
            {
                problems.Warning(new SourceLocation(file, 0, 0), "the file is not read; names of configuration files must end in '.toml', in lower case");
            }

            return files.Where(f => f.EndsWith(".toml", StringComparison.Ordinal)).ToList();
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            HasSyntaxErrors = true;
            problems.Error(new SourceLocation(folder, 0, 0),
                $"cannot read the folder: {(e is UnauthorizedAccessException ? "permission denied" : Readable.Reason(e))}");
            return [];
        }
    }

    private ConfigFile? Read(string path, bool isMain)
    {
        if (!_read.Add(Path.GetFullPath(path))) return null;
        Sources.AddOwn(path);
        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(Earlier?.PlaceOf(path) ?? path);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            var advice = isMain && (e is FileNotFoundException or DirectoryNotFoundException) ? "; name another with --config FILE" : "";
            HasSyntaxErrors = true;
            problems.Error(new SourceLocation(path, 0, 0), $"cannot read the configuration file: {Readable.Reason(e)}{advice}");
            return null;
        }

        var reading = new ConfigProblems();
        var read = TomlReader.Read(bytes, path, reading, new TomlReaderOptions { AllowVariables = true });
        if (isMain) _variables.Required = RequiredVariables(read);
        var table = _variables.Substitute(read);
        foreach (var problem in reading) problems.Add(problem);
        HasSyntaxErrors |= reading.HasErrors || _variables.HasFailed;
        if (!isMain) table = WithoutMainOnly(table);
        // What could not be read is missing below; complaints about that would only hide the mistake.
        var binding = reading.HasErrors ? new ConfigProblems() : problems;
        return new ConfigFile(path, table, TomlBinder.Bind<ConfigFileContent>(table, "the file", binding));
    }

    private static HashSet<string> RequiredVariables(TomlTable main)
    {
        var array = main.TryGet("proxy", out var proxy) && proxy.Value is TomlTable table && table.TryGet("required_env_vars", out var entry)
            ? entry.Value as TomlArray
            : null;
        return (array?.OfType<TomlString>() ?? []).Select(n => n.Value).ToHashSet(StringComparer.Ordinal);
    }

    private TomlTable WithoutMainOnly(TomlTable table)
    {
        foreach (var entry in table.Where(e => MainOnly.Contains(e.Key)))
        {
            problems.Warning(entry.KeyLocation, $"[{entry.Key}] has no effect here; it belongs in the main file");
        }

        return new TomlTable([.. table.Where(e => !MainOnly.Contains(e.Key))], table.Location);
    }

    private void CheckProxy(ConfigFile main, ProxySection proxy)
    {
        if (!main.Content.Gives("proxy")) problems.Error(new SourceLocation(main.Name, 1, 1), "the main file needs a [proxy] table with a name");
        else if (main.Content.Proxy is not null && !proxy.Gives("id") && !proxy.Gives("name"))
        {
            problems.Error(proxy.Location, "[proxy] needs a 'name' (or an 'id')");
        }

        for (var i = 0; i < proxy.RequiredEnvVars.Count; i++)
        {
            var name = proxy.RequiredEnvVars[i];
            if (!string.IsNullOrEmpty(environment(name))) continue;
            problems.Error(proxy.LocationOf("required_env_vars", i), $"missing required environment variable: {name}");
        }
    }
}
