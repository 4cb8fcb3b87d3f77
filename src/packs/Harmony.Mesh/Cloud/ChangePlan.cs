using System.Text;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Mesh.Cloud;

/// <summary>A file that a change of the cloud writes.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Text">What stands in it then.</param>
internal sealed record PlannedFile(string Path, string Text);

/// <summary>
/// What a change of the cloud means for the files here. Names from the cloud become names of files only when they are names: letters, digits, <c>.</c>,
/// <c>_</c> and <c>-</c>, nothing that leads out of a folder.
/// </summary>
/// <param name="Files">The files that it writes.</param>
/// <param name="Transforms">Ids of the transforms that have to be downloaded first, each with the file that it becomes.</param>
internal sealed record ChangePlan(IReadOnlyList<PlannedFile> Files, IReadOnlyList<(string Id, string Path)> Transforms)
{
    private const int MaxName = 100;
    private const int MaxTransforms = 200;

    private static readonly string[] TransformTypes = ["transform", "metadata_transform"];

    /// <summary>Makes the plan.</summary>
    /// <param name="change">The change, with its text.</param>
    /// <param name="running">The configuration that runs.</param>
    /// <exception cref="ChangeRefusedException">The change is not valid for this gateway.</exception>
    public static ChangePlan Of(CloudChange change, ConfigSet running)
    {
        if (string.IsNullOrWhiteSpace(change.Toml)) throw new ChangeRefusedException($"the change has no text of type '{Shown(change.Type)}'");
        var main = Path.GetFullPath(running.MainFile);
        var (pipelines, transforms, mesh) = (running.Proxy.PipelinesPath, running.Proxy.TransformsPath, running.Proxy.MeshPath);
        var table = Read(change, change.Type == "gateway" ? Path.GetFileName(main) : change.Type + ".toml");
        var file = change.Type switch
        {
            "gateway" => new PlannedFile(main, change.Toml),
            "pipeline" => new PlannedFile(PipelineFile(FirstName(table, "pipelines"), Folder(running, pipelines), running), change.Toml),
            "mesh" => new PlannedFile(FileIn(Folder(running, mesh), FirstName(table, "mesh"), ".toml"), change.Toml),
            "transform" => Transform(table, Folder(running, transforms)),
            _ => throw new ChangeRefusedException(
                $"'{Shown(change.Type)}' is no type of a change that is known here; it is one of gateway, pipeline, transform, mesh"),
        };
        return new ChangePlan([file], change.Type == "transform" ? [] : Named(table, Folder(running, transforms)));
    }

    /// <summary>The text of a transform as its file holds it.</summary>
    /// <exception cref="ChangeRefusedException">It is no JSON.</exception>
    public static string Specification(string id, string instructions)
    {
        try
        {
            using var parsed = JsonDocument.Parse(instructions);
            return instructions.EndsWith('\n') ? instructions : instructions + "\n";
        }
        catch (JsonException e)
        {
            throw new ChangeRefusedException($"transform '{id}' is no JSON", [$"{id}.json({e.LineNumber + 1},{e.BytePositionInLine + 1}): error: no JSON"]);
        }
    }

    /// <summary>Whether a name of the cloud can be the name of a file.</summary>
    public static bool IsName(string name)
        => name.Length is > 0 and <= MaxName && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            && !name.Contains("..", StringComparison.Ordinal);

    private static TomlTable Read(CloudChange change, string name)
    {
        var problems = new ConfigProblems();
        var table = TomlReader.Read(Encoding.UTF8.GetBytes(change.Toml!), name, problems, new TomlReaderOptions { AllowVariables = true });
        if (problems.HasErrors) throw ChangeRefusedException.Of(problems);
        return table;
    }

    private static PlannedFile Transform(TomlTable table, string folder)
    {
        var name = FirstName(table, "transform");
        return Table(table, "transform", name) is { } transform && Text(transform, "instructions") is { } instructions
            ? new PlannedFile(FileIn(folder, name, ".json"), Specification(name, instructions))
            : throw new ChangeRefusedException($"[transform.{name}] has no 'instructions'");
    }

    /// <summary>
    /// A pipeline stays in the file of the pipelines' folder that it stands in, if that file begins with it; the cloud has such files by that name.
    /// </summary>
    private static string PipelineFile(string name, string folder, ConfigSet running)
    {
        var known = running.Files.FirstOrDefault(f => Path.GetDirectoryName(Path.GetFullPath(f.Name)) == folder && f.Table.TryGet("pipelines", out var entry)
            && entry.Value is TomlTable pipelines && pipelines.FirstOrDefault()?.Key == name);
        return known is null ? FileIn(folder, name, ".toml") : Path.GetFullPath(known.Name);
    }

    private static string FirstName(TomlTable table, string kind)
    {
        var name = table.TryGet(kind, out var entry) && entry.Value is TomlTable tables ? tables.FirstOrDefault()?.Key : null;
        if (name is null) throw new ChangeRefusedException($"the change names no [{kind}.NAME]");
        return IsName(name) ? name : throw NoName(kind.TrimEnd('s'), name);
    }

    /// <summary>The transforms that the middleware of a text names.</summary>
    private static List<(string Id, string Path)> Named(TomlTable table, string folder)
    {
        var found = new List<(string Id, string Path)>();
        if (!table.TryGet("middleware", out var entry) || entry.Value is not TomlTable all) return found;
        foreach (var middleware in all.Select(e => e.Value).OfType<TomlTable>().Where(m => TransformTypes.Contains(Text(m, "type"))))
        {
            var path = Table(middleware, "options") is { } options && Text(options, "spec_path") is { } within ? within : Text(middleware, "spec_path");
            if (path is null) continue; // the reload says so, if that is wrong
            var id = path.Split('/', '\\')[^1] is var last && last.EndsWith(".json", StringComparison.Ordinal) ? last[..^".json".Length] : last;
            if (!IsName(id)) throw NoName("transform", id);
            if (!found.Exists(f => f.Id == id)) found.Add((id, FileIn(folder, id, ".json")));
        }

        return found.Count <= MaxTransforms ? found : throw new ChangeRefusedException($"the change names more than {MaxTransforms} transforms");
    }

    private static string Folder(ConfigSet running, string configured) => Path.GetFullPath(Path.Combine(running.Directory, configured));

    private static string FileIn(string folder, string name, string ending) => Path.Combine(folder, name + ending);

    private static TomlTable? Table(TomlTable table, params string[] path)
    {
        TomlTable? at = table;
        foreach (var key in path) at = at is not null && at.TryGet(key, out var entry) ? entry.Value as TomlTable : null;
        return at;
    }

    private static string? Text(TomlTable table, string key) => table.TryGet(key, out var entry) && entry.Value is TomlString text ? text.Value : null;

    private static ChangeRefusedException NoName(string kind, string name)
        => new($"'{Shown(name)}' cannot be the name of a {kind} from the cloud: letters, digits, '.', '_' and '-' make a name, at most {MaxName}");

    private static string Shown(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
}

/// <summary>A change is not applied. Message and details go to the cloud and to the log.</summary>
/// <param name="message">Why.</param>
/// <param name="details">One line for each problem: <c>file(line,column): error: message</c>.</param>
internal sealed class ChangeRefusedException(string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    /// <summary>A line for each problem.</summary>
    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>Whether a local edit is in the way.</summary>
    public bool IsConflict { get; init; }

    /// <summary>The refusal that problems of a configuration are: the first error is the message, all are details.</summary>
    public static ChangeRefusedException Of(IEnumerable<ConfigProblem> problems)
    {
        var errors = problems.Where(p => p.Severity == ConfigSeverity.Error).Select(p => p.ToString()).ToList();
        return new ChangeRefusedException(errors.Count > 0 ? errors[0] : "the configuration does not load", errors);
    }
}
