using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli;

/// <summary>JSON as the commands print it: indented, members in snake case, every member always there.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // What is printed goes to a terminal or a file, not into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions OneLine = new(Options) { WriteIndented = false };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static T Read<T>(JsonNode json) => json.Deserialize<T>(Options) ?? throw new JsonException("null");

    /// <summary>The same as a document.</summary>
    public static JsonNode ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>A document of the user's: its names and numbers stay as they are.</summary>
    public static string Indented(JsonNode? value) => value?.ToJsonString(Options) ?? "null";

    public static string Line(JsonNode? value) => value?.ToJsonString(OneLine) ?? "null";
}
