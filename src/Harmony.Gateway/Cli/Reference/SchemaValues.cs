using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Reference;

namespace Harmony.Gateway.Cli.Reference;

/// <summary>
/// Turns values into schemas. A string may always hold a variable, so a string with a <c>$</c> is let pass where only some strings are
/// allowed, and one that is a variable where a number or a boolean is wanted. <c>bind_port = $PORT</c> without quotes is no TOML to an editor.
/// </summary>
internal static class SchemaValues
{
    public static JsonObject Of(KeyReference key, ValueShape shape, Func<TableReference, JsonObject> reference) => shape.Kind switch
    {
        ValueKind.String => Text(key),
        ValueKind.Integer => Number("integer", key),
        ValueKind.Float => Number("number", key),
        ValueKind.Boolean => OrVariable("boolean"),
        ValueKind.Array => List(key, shape, reference),
        ValueKind.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(key, shape.Element!, reference) },
        ValueKind.Table => reference(shape.Table!),
        ValueKind.OpenTable => new JsonObject { ["type"] = "object" },
        ValueKind.OneOf => new JsonObject { ["anyOf"] = new JsonArray([.. shape.Alternatives.Select(a => (JsonNode)Of(key, a, reference))]) },
        _ => [],
    };

    /// <summary>The alternatives of a string that is one of some values, or holds a variable.</summary>
    public static JsonArray OneOfOrVariable(IEnumerable<string> values) => new(
        new JsonObject { ["enum"] = Strings(values) },
        new JsonObject { ["type"] = "string", ["pattern"] = "\\$" });

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    private static JsonObject Text(KeyReference key)
    {
        if (key.AllowedValues is { } allowed) return new JsonObject { ["anyOf"] = OneOfOrVariable(allowed) };
        var schema = new JsonObject { ["type"] = "string" };
        if (key.MayNotBeEmpty) schema["minLength"] = 1;
        return schema;
    }

    private static JsonObject Number(string type, KeyReference key)
    {
        var schema = OrVariable(type);
        // Limits hold for numbers only, the pattern for strings only.
        if (key.Min is { } min) schema["minimum"] = min;
        if (key.Max is { } max) schema["maximum"] = max;
        return schema;
    }

    private static JsonObject OrVariable(string type) => new() { ["type"] = new JsonArray(type, "string"), ["pattern"] = "^\\$[A-Za-z_{]" };

    private static JsonObject List(KeyReference key, ValueShape shape, Func<TableReference, JsonObject> reference)
    {
        // Limits of a list are of its length, not of what is in it.
        var schema = new JsonObject { ["type"] = "array", ["items"] = Of(key with { Min = null, Max = null }, shape.Element!, reference) };
        if (key.Min is { } min) schema["minItems"] = (int)min;
        if (key.Max is { } max) schema["maxItems"] = (int)max;
        return schema;
    }
}
