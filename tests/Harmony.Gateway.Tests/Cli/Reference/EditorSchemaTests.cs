using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Gateway.Cli.Reference;
using Harmony.Gateway.Hosting;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Cli.Reference;

/// <summary>The JSON schema agrees with the gateway about what is a mistake.</summary>
public sealed class EditorSchemaTests
{
    private static readonly SchemaValidator Schema = new(JsonNode.Parse(EditorSchema.Write(GatewayModules.CreateRegistry(TimeProvider.System)))!);

    [Fact]
    public void EveryExample_IsValid()
    {
        var folders = new[] { RepositoryFolder.PathOf("config"), RepositoryFolder.PathOf("examples"), SharedFolder.Find("conformance/examples") };
        var files = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f!, "*.toml", SearchOption.AllDirectories));
        foreach (var file in files)
        {
            // The schema of the gateway alone does not know what plug-ins bring.
            if (file.Contains("custom-middleware", StringComparison.Ordinal)) continue;
            Assert.True(Validate(File.ReadAllText(file)) is { Count: 0 } or null, $"{file}: {string.Join("; ", Validate(File.ReadAllText(file)) ?? [])}");
        }
    }

    [Theory]
    [InlineData("[network.a.tcp_config]\nbind_port = 80800", ".network.a.tcp_config.bind_port: too large")]
    [InlineData("[network.a.tcp_config]\nbind_port = \"8080\"", ".network.a.tcp_config.bind_port: no match")]
    [InlineData("[network.a.tcp_config]\nbnid_port = 1", ".network.a.tcp_config.bnid_port: unknown")]
    [InlineData("[logging]\nlog_level = \"loud\"", ".logging.log_level: none of several")]
    [InlineData("[endpoints.a]\nservice = \"htpp\"", ".endpoints.a.service: none of several")]
    [InlineData("[endpoints.a]\nservice = \"page\"", ".endpoints.a.service: none of several")]
    [InlineData("[endpoints.a]\nservice = \"http\"\noptions.path_prefx = \"/\"", ".endpoints.a.options.path_prefx: unknown")]
    [InlineData("[rules.a]\nweight = 1", ".rules.a: none of several")]
    [InlineData("[pipelines.a]\nmiddleware = 1", ".pipelines.a.middleware: none of several")]
    public void Mistake_IsFound(string toml, string problem) => Assert.Equal([problem], Validate(toml)!);

    [Theory]
    [InlineData("[logging]\nlog_level = \"${LEVEL:-info}\"")]
    [InlineData("[endpoints.a]\nservice = \"$SERVICE\"")]
    [InlineData("[middleware.m]\ntype = \"mesh_auth\"\noptions.required = true")]
    [InlineData("[rules.a]\nrule_type = \"allow_all\"")]
    [InlineData("[proxy]\nlog_level = \"info\"")]
    [InlineData("[pipelines.a]\nmiddleware = { left = [\"x\"] }")]
    [InlineData("[middleware.a]\ntype = \"passthru\"\nwhatever = 1")]
    public void NoMistake_NoneIsFound(string toml) => Assert.Empty(Validate(toml)!);

    /// <summary>Null for a file that is no TOML to an editor, such as one with a variable that is not in quotes.</summary>
    private static IReadOnlyList<string>? Validate(string toml)
    {
        var problems = new ConfigProblems();
        var table = TomlReader.Read(Encoding.UTF8.GetBytes(toml), "test", problems, new TomlReaderOptions());
        return problems.HasErrors ? null : Schema.Validate(Json(table));
    }

    private static JsonNode? Json(TomlValue value) => value switch
    {
        TomlTable table => new JsonObject(table.Select(e => KeyValuePair.Create(e.Key, Json(e.Value)))),
        TomlArray array => new JsonArray([.. array.Select(Json)]),
        TomlString text => text.Value,
        TomlInteger integer => JsonNode.Parse(integer.Value.ToString()),
        TomlFloat number => JsonNode.Parse(JsonSerializer.Serialize(number.Value)),
        TomlBoolean boolean => boolean.Value,
        _ => value.KindName,
    };
}
