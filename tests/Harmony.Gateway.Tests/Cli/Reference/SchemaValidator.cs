using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Harmony.Gateway.Tests.Cli.Reference;

/// <summary>As much of JSON Schema draft 7 as docs/harmony.schema.json uses; a keyword it does not know fails the test.</summary>
internal sealed class SchemaValidator(JsonNode root)
{
    private static readonly string[] Notes = ["$schema", "title", "description", "default", "definitions", "properties", "additionalProperties"];

    /// <summary>The paths of what is wrong; empty for a valid document.</summary>
    public IReadOnlyList<string> Validate(JsonNode? value) => [.. Problems(value, root, "")];

    private IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string path)
        => ((JsonObject)schema).SelectMany(keyword => Problems(value, keyword.Key, keyword.Value!, path)).Concat(Members(value, schema, path));

    private IEnumerable<string> Problems(JsonNode? value, string keyword, JsonNode rule, string path) => keyword switch
    {
        "$ref" => Problems(value, root["definitions"]![rule.GetValue<string>().Split('/')[^1]]!, path),
        "type" => Unless(rule is JsonArray types ? types.Any(t => Is(value, t!.GetValue<string>())) : Is(value, rule.GetValue<string>()),
            $"{path}: not {rule}"),
        "enum" => Unless(rule.AsArray().Any(v => JsonNode.DeepEquals(v, value)), $"{path}: not allowed"),
        "minimum" => Unless(!Is(value, "number") || value!.GetValue<double>() >= rule.GetValue<double>(), $"{path}: too small"),
        "maximum" => Unless(!Is(value, "number") || value!.GetValue<double>() <= rule.GetValue<double>(), $"{path}: too large"),
        "minLength" => Unless(!Is(value, "string") || value!.GetValue<string>().Length >= rule.GetValue<int>(), $"{path}: too short"),
        "pattern" => Unless(!Is(value, "string") || Regex.IsMatch(value!.GetValue<string>(), rule.GetValue<string>()), $"{path}: no match"),
        "minItems" => Unless(value is not JsonArray list || list.Count >= rule.GetValue<int>(), $"{path}: too few"),
        "maxItems" => Unless(value is not JsonArray list || list.Count <= rule.GetValue<int>(), $"{path}: too many"),
        "items" => value is JsonArray items ? items.SelectMany((item, i) => Problems(item, rule, $"{path}[{i}]")) : [],
        "required" => value is JsonObject table ? rule.AsArray().SelectMany(k => Unless(table.ContainsKey(k!.GetValue<string>()), $"{path}: needs {k}")) : [],
        "allOf" => rule.AsArray().SelectMany(s => Problems(value, s!, path)),
        "anyOf" => Unless(rule.AsArray().Any(s => !Problems(value, s!, path).Any()), $"{path}: none of several"),
        "if" => [], // counts with "then"
        "then" => Problems(value, rule.Parent!["if"]!, path).Any() ? [] : Problems(value, rule, path),
        "not" => Unless(Problems(value, rule, path).Any(), $"{path}: not that"),
        _ when Notes.Contains(keyword) => [],
        _ => throw new NotSupportedException(keyword),
    };

    private IEnumerable<string> Members(JsonNode? value, JsonNode schema, string path)
    {
        if (value is not JsonObject table) return [];
        var others = schema["additionalProperties"];
        return table.SelectMany(member => schema["properties"]?[member.Key] is { } known
            ? Problems(member.Value, known, $"{path}.{member.Key}")
            : others is JsonObject shape ? Problems(member.Value, shape, $"{path}.{member.Key}") : Unless(others is null, $"{path}.{member.Key}: unknown"));
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "integer" => value is JsonValue number && number.TryGetValue<long>(out _),
        "number" => value is JsonValue number && number.TryGetValue<double>(out _),
        "boolean" => value is JsonValue boolean && boolean.TryGetValue<bool>(out _),
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        _ => throw new NotSupportedException(type),
    };

    private static IEnumerable<string> Unless(bool good, string problem) => good ? [] : [problem];
}
