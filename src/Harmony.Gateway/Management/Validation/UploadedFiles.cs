using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management.Validation;

/// <summary>The files of a configuration to be tried, by their paths below the folder of the main file.</summary>
/// <param name="Main">The main file's name.</param>
/// <param name="Contents">Every file with its text.</param>
internal sealed record UploadedFiles(string Main, IReadOnlyDictionary<string, string> Contents)
{
    /// <summary>How they are sent.</summary>
    public const string Schema = """
        {"type":"object","required":["files"],"properties":{
        "main":{"type":"string","description":"Name of the main file; that of the running configuration when absent."},
        "files":{"type":"object","additionalProperties":{"type":"string"},"description":"Text of each file by its path relative to the main file."}}}
        """;

    private const int MaxFiles = 2000;
    private const int MaxPathLength = 512;

    /// <summary>Reads what was sent.</summary>
    /// <param name="body"><c>{"files": {"config.toml": "…", "pipelines/a.toml": "…"}}</c></param>
    /// <param name="running">The configuration that runs.</param>
    /// <exception cref="Core.Faults.GatewayException">It is not that.</exception>
    public static UploadedFiles Of(JsonObject body, ConfigSet running)
    {
        if (body["files"] is not JsonObject files)
            throw OperationCall.Malformed("the body must be {\"files\": {\"config.toml\": \"…\", \"pipelines/a.toml\": \"…\"}}");
        if (files.Count > MaxFiles) throw OperationCall.Malformed($"there may be {MaxFiles} files at most");
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in files)
        {
            if (!IsSafe(name)) throw OperationCall.Malformed($"'{Readable(name)}' is no path of a file below the folder of the main file");
            contents[name] = value is JsonValue text && text.TryGetValue<string>(out var content)
                ? content
                : throw OperationCall.Malformed($"the file '{name}' must be a text");
        }

        // A name that is also the folder of another: no disk can hold both.
        if (contents.Keys.FirstOrDefault(name => Folders(name).Any(contents.ContainsKey)) is { } inside)
        {
            throw OperationCall.Malformed($"'{Readable(inside)}' lies below another file of the set");
        }

        var main = body["main"] is JsonValue given && given.TryGetValue<string>(out var chosen) ? chosen : Path.GetFileName(running.MainFile);
        return contents.ContainsKey(main)
            ? new UploadedFiles(main, contents)
            : throw OperationCall.Malformed($"the main file '{Readable(main)}' is not among the files");
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => $"{Contents.Count} files";

    /// <summary>The folders above a file: <c>a</c> and <c>a/b</c> of <c>a/b/c.toml</c>.</summary>
    private static IEnumerable<string> Folders(string name)
    {
        for (var slash = name.IndexOf('/'); slash > 0; slash = name.IndexOf('/', slash + 1)) yield return name[..slash];
    }

    /// <summary>A path of plain names: none leads out of the folder, on any system.</summary>
    private static bool IsSafe(string path)
        => path.Length is > 0 and <= MaxPathLength
            && !path.AsSpan().ContainsAny('\\', ':', '\0')
            && !path.Any(char.IsControl)
            && path.Split('/').All(segment => segment is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(segment) <= 255);

    private static string Readable(string name) => new([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
}
