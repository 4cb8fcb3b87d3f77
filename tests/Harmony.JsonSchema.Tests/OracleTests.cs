using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Tests;

/// <summary>Schemas and documents made at random are judged as JsonSchema.Net judges them.</summary>
public sealed class OracleTests
{
    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly string[] Texts = ["", "a", "ab", "ba"];

    private static readonly string[] Names = ["a", "b", "ab", "c"];

    [Fact]
    public void RandomSchemas_AreJudgedAsTheOracleJudgesThem()
    {
        var random = new Random(20260);
        var accepted = 0;
        for (var round = 0; round < 3000; round++)
        {
            var schema = Schema(random, 3);
            var document = Value(random, 3);
            var mistakes = new List<SchemaMistake>();
            var compiled = CompiledSchema.From([("/s.json", schema.DeepClone())], assertsFormats: false, mistakes);
            Assert.True(compiled is not null, $"{schema.ToJsonString()}: {string.Join("; ", mistakes)}");
            var ours = compiled.Check(document, 1).Count == 0;
            var theirs = Json.Schema.JsonSchema.FromText(schema.ToJsonString()).Evaluate(JsonSerializer.SerializeToElement(document)).IsValid;
            Assert.True(ours == theirs, $"round {round}: ours {ours}, oracle {theirs}: {schema.ToJsonString()} and {document?.ToJsonString() ?? "null"}");
            if (ours) accepted++;
        }

        Assert.InRange(accepted, 300, 2700); // both verdicts are tried
    }

    private static JsonNode Schema(Random random, int depth)
    {
        if (random.Next(12) == 0) return JsonValue.Create(random.Next(3) > 0);
        var schema = new JsonObject();
        for (var i = random.Next(4); i >= 0; i--)
        {
            var (name, value) = Keyword(random, depth - 1);
            schema[name] = value;
        }

        return schema;
    }

    private static (string Name, JsonNode Value) Keyword(Random random, int depth)
    {
        if (depth <= 0 || random.Next(3) == 0)
        {
            return random.Next(13) switch
            {
                0 => ("type", JsonValue.Create(Types[random.Next(Types.Length)])),
                1 => ("enum", new JsonArray(Value(random, 1), Value(random, 1))),
                2 => ("const", Value(random, 1) ?? JsonValue.Create(0)),
                3 => ("minimum", random.Next(-2, 3)),
                4 => ("exclusiveMaximum", random.Next(-2, 3)),
                5 => ("multipleOf", 1 + random.Next(3)),
                6 => ("minLength", random.Next(3)),
                7 => ("maxItems", random.Next(3)),
                8 => ("minProperties", random.Next(3)),
                9 => ("pattern", "^a"),
                10 => ("uniqueItems", true),
                11 => ("required", new JsonArray(Names[random.Next(4)])),
                _ => ("dependentRequired", new JsonObject { [Names[random.Next(4)]] = new JsonArray(Names[random.Next(4)]) }),
            };
        }

        return random.Next(14) switch
        {
            0 => ("allOf", new JsonArray(Schema(random, depth), Schema(random, depth))),
            1 => ("anyOf", new JsonArray(Schema(random, depth), Schema(random, depth))),
            2 => ("oneOf", new JsonArray(Schema(random, depth), Schema(random, depth))),
            3 => ("not", Schema(random, depth)),
            4 => ("if", Schema(random, depth)),
            5 => ("then", Schema(random, depth)),
            6 => ("properties", new JsonObject { [Names[random.Next(2)]] = Schema(random, depth), ["c"] = Schema(random, depth) }),
            7 => ("patternProperties", new JsonObject { ["^a"] = Schema(random, depth) }),
            8 => ("additionalProperties", Schema(random, depth)),
            9 => ("propertyNames", Schema(random, depth)),
            10 => ("prefixItems", new JsonArray(Schema(random, depth))),
            11 => ("items", Schema(random, depth)),
            12 => ("contains", Schema(random, depth)),
            _ => (random.Next(2) == 0 ? "unevaluatedProperties" : "unevaluatedItems", Schema(random, depth)),
        };
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(-3, 4)),
        3 => JsonValue.Create(random.Next(-3, 4) + 0.5),
        4 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => new JsonObject(Names.Where(_ => random.Next(2) == 0).Select(n => KeyValuePair.Create(n, Value(random, depth - 1)))),
    };
}
