using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Reference;

namespace Harmony.Gateway.Cli.Reference;

/// <summary>Turns tables into schemas; those inside others become definitions, one for each record.</summary>
internal sealed class SchemaTables
{
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    public JsonObject Definitions => new(_definitions.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Key, d.Value)));

    /// <summary>The schema of a table.</summary>
    public JsonObject Table(TableReference table)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (table.Summary.Length > 0) schema["description"] = table.Summary;
        var properties = new JsonObject();
        foreach (var key in table.Keys)
        {
            properties[key.Name] = Value(key, key.Summary);
            foreach (var other in key.OtherNames) properties[other] = Value(key, $"Another name of `{key.Name}`. {key.Summary}");
        }

        foreach (var former in table.FormerKeys) properties[former.Name] = new JsonObject { ["description"] = $"Has no effect any more: {former.Advice}." };
        schema["properties"] = properties;
        if (!table.TakesOtherKeys) schema["additionalProperties"] = false;
        AddRequired(schema, table);
        return schema;
    }

    /// <summary>Makes the shape of <c>options</c> depend on the name another key holds.</summary>
    /// <param name="definition">The table.</param>
    /// <param name="key">The key that names a module.</param>
    /// <param name="modules">Names and options of each module.</param>
    /// <param name="others">Names that may stand there too.</param>
    public void Specialise(string definition, string key, IEnumerable<(string[] Names, Type Options)> modules, IEnumerable<string> others)
    {
        var all = modules.ToList();
        var schema = _definitions[definition];
        var named = (JsonObject)schema["properties"]![key]!;
        named["anyOf"] = SchemaValues.OneOfOrVariable(all.SelectMany(m => m.Names).Concat(others).Order(StringComparer.Ordinal));
        schema["allOf"] = new JsonArray([.. all.Select(module => (JsonNode)new JsonObject
        {
            ["if"] = Naming(key, module.Names),
            ["then"] = new JsonObject { ["properties"] = new JsonObject { ["options"] = Reference(ConfigReference.Of(module.Options)) } },
        })]);
    }

    private static JsonObject Naming(string key, string[] names) => new()
    {
        ["properties"] = new JsonObject { [key] = new JsonObject { ["enum"] = SchemaValues.Strings(names) } },
        ["required"] = new JsonArray(key),
    };

    private JsonObject Reference(TableReference table)
    {
        var name = table.Record.Name;
        if (_definitions.TryAdd(name, [])) _definitions[name] = Table(table);
        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    private JsonObject Value(KeyReference key, string summary)
    {
        var schema = SchemaValues.Of(key, key.Shape, Reference);
        if (schema.ContainsKey("$ref")) return schema; // draft 7: nothing counts beside a reference
        if (summary.Length > 0) schema["description"] = summary;
        if (key.Default is not null) schema["default"] = JsonNode.Parse(key.Default); // what defaults are written in is JSON as well as TOML
        return schema;
    }

    private static void AddRequired(JsonObject schema, TableReference table)
    {
        var plain = table.Keys.Where(k => k.IsRequired && k.OtherNames.Count == 0).Select(k => k.Name).ToList();
        if (plain.Count > 0) schema["required"] = SchemaValues.Strings(plain);
        var either = table.Keys.Where(k => k.IsRequired && k.OtherNames.Count > 0).ToList();
        if (either.Count == 0) return;
        schema["allOf"] = new JsonArray([.. either.Select(k => (JsonNode)new JsonObject
        {
            ["anyOf"] = new JsonArray([.. k.OtherNames.Prepend(k.Name).Select(n => (JsonNode)new JsonObject { ["required"] = new JsonArray(n) })]),
        })]);
    }
}
