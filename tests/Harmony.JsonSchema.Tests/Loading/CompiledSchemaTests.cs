using System.Text.Json.Nodes;
using Harmony.JsonSchema.Loading;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.JsonSchema.Tests.Loading;

/// <summary>Runs <c>Cases/*.json</c>: lists of <c>{about, schema, references?, formats?, fits: [document], fails: [document]}</c>.</summary>
public sealed class CompiledSchemaTests
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests", "Harmony.JsonSchema.Tests", "Cases");

    public static TheoryData<string> Cases
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var file in Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal))
            {
                foreach (var about in Read(file).Select(c => c!["about"]!.GetValue<string>())) names.Add($"{Path.GetFileNameWithoutExtension(file)}: {about}");
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_Case(string name)
    {
        var found = Find(name);
        var schema = Compile(found);
        foreach (var fits in found["fits"]?.AsArray() ?? [])
        {
            Assert.True(schema.Check(fits, 10) is [], $"{name}: {fits?.ToJsonString() ?? "null"} should fit: {string.Join("; ", schema.Check(fits, 10))}");
        }

        foreach (var fails in found["fails"]?.AsArray() ?? [])
            Assert.True(schema.Check(fails, 10).Count > 0, $"{name}: {fails?.ToJsonString() ?? "null"} should not fit");
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""", "leads back to itself")]
    [InlineData("""{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""", "leads back to itself")]
    [InlineData("""{"$dynamicAnchor":"a","anyOf":[{"$dynamicRef":"#a"}]}""", "leads back to itself")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "only https://json-schema.org/draft/2020-12/schema is understood")]
    [InlineData("""{"items":[{}]}""", "prefixItems")]
    [InlineData("""{"dependencies":{}}""", "since 2020-12 it is dependentRequired")]
    [InlineData("""{"type":"text"}""", "'text' is not a type")]
    [InlineData("""{"minLength":-1}""", "'minLength' must be an integer from 0")]
    [InlineData("""{"maxItems":1.5}""", "'maxItems' must be an integer from 0")]
    [InlineData("""{"multipleOf":0}""", "'multipleOf' must be greater than 0")]
    [InlineData("""{"required":"a"}""", "'required' must be a list of strings")]
    [InlineData("""{"properties":{"a":1}}""", "a schema is an object, true or false")]
    [InlineData("""{"$ref":"#nowhere"}""", "there is no anchor 'nowhere'")]
    [InlineData("""{"enum":[{"a":1}],"$ref":"#/enum/0"}""", "does not lead to a schema")]
    [InlineData("""{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}""", "is used twice")]
    [InlineData("""{"$anchor":"#a"}""", "'$anchor' must be a name of letters")]
    [InlineData("""{"$dynamicAnchor":"1a"}""", "'$dynamicAnchor' must be a name of letters")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$dynamicAnchor":"x"}}}""", "the anchor 'x' is used twice")]
    [InlineData("""{"$defs":5}""", "'$defs' must be an object")]
    [InlineData("""{"required":["a","a"]}""", "'required' lists the same twice")]
    [InlineData("""{"type":["string","string"]}""", "'type' lists the same twice")]
    [InlineData("""{"pattern":"\\a"}""", "'\\a' is no escape of ECMA-262")]
    [InlineData("""{"format":"no-such"}""", "cannot be asserted")]
    public void From_Mistake_IsNamedWithItsPlace(string schema, string expected)
    {
        var mistakes = new List<SchemaMistake>();
        Assert.Null(CompiledSchema.From([("/schemas/s.json", JsonNode.Parse(schema)!)], assertsFormats: true, mistakes));
        Assert.Contains(mistakes, m => m.Message.Contains(expected, StringComparison.Ordinal) && m.Location.StartsWith("s.json#", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ManyViolations_StopsAtTheLimit()
    {
        var schema = CompiledSchema.From([("/s.json", JsonNode.Parse("""{"items":{"type":"string"}}""")!)], false, [])!;
        var violations = schema.Check(new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)i)]), 3);
        Assert.Equal(["/0", "/1", "/2"], violations.Select(v => v.InstanceLocation));
    }

    [SharedFact("reference/jmix")]
    public void Check_PublishedSchemas_Compile()
    {
        var folder = SharedFolder.PathOf("reference/jmix");
        foreach (var file in Directory.EnumerateFiles(folder, "*.schema.json"))
        {
            var mistakes = new List<SchemaMistake>();
            CompiledSchema.From([(file, JsonNode.Parse(File.ReadAllText(file))!)], assertsFormats: true, mistakes);
            Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
        }
    }

    private static CompiledSchema Compile(JsonNode found)
    {
        var files = new List<(string, JsonNode)> { ("/schemas/s.json", found["schema"]!) };
        foreach (var (name, other) in found["references"]?.AsObject() ?? []) files.Add(($"/schemas/{name}", other!));
        var mistakes = new List<SchemaMistake>();
        return CompiledSchema.From(files, found["formats"]?.GetValue<bool>() ?? false, mistakes)
            ?? throw new InvalidOperationException(string.Join('\n', mistakes));
    }

    private static JsonNode Find(string name)
    {
        var parts = name.Split(": ", 2);
        return Read(Path.Combine(Folder, parts[0] + ".json")).Single(c => c!["about"]!.GetValue<string>() == parts[1])!;
    }

    private static JsonArray Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsArray();
}
