using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Jolt.Tests;

/// <summary>One case of a file in <c>Cases/</c>: an input, a spec, and what is expected, to the last digit and in that order of keys.</summary>
public sealed record TransformCase(string File, string Name, JsonObject Content)
{
    private static readonly JsonSerializerOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The folder of the cases, and the operation a bare spec in it belongs to.</summary>
    private string Folder => File.Split('/')[0];

    /// <summary>The spec as a chain.</summary>
    public JsonNode Chain => Content["spec"] is JsonArray chain
        ? chain
        : new JsonArray(new JsonObject { ["operation"] = OperationName, ["spec"] = Content["spec"]?.DeepClone() });

    public JsonNode? Input => Content["input"];

    public JsonNode? Context => Content["context"];

    public string ExpectedText => Text(Content["expected"]);

    private string OperationName => (string?)Content["operation"] ?? Folder switch
    {
        "modify" or "functions" => "modify-overwrite-beta",
        var operation => operation,
    };

    public static string Text(JsonNode? node) => node?.ToJsonString(AsIs) ?? "null";

    public static IEnumerable<TransformCase> All()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "Cases");
        foreach (var path in Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var file = Path.GetRelativePath(root, path).Replace('\\', '/');
            foreach (var content in JsonNode.Parse(System.IO.File.ReadAllText(path))!.AsArray())
                yield return new TransformCase(file, (string)content!["name"]!, content.AsObject());
        }
    }

    public override string ToString() => $"{File}: {Name}";
}
