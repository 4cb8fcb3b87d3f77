using System.Collections.Frozen;

namespace Harmony.JsonSchema.Loading;

/// <summary>What JSON Schema 2020-12 knows by name and where schemas stand in schemas.</summary>
internal static class SchemaDialect
{
    public const string Uri = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Keywords whose value is a schema.</summary>
    public static readonly FrozenSet<string> WithSchema = new[]
    {
        "additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems", "contentSchema",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Keywords whose value is a list of schemas.</summary>
    public static readonly FrozenSet<string> WithList = new[] { "allOf", "anyOf", "oneOf", "prefixItems" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Keywords whose value has schemas by name; <c>definitions</c> is the older name of <c>$defs</c>.</summary>
    public static readonly FrozenSet<string> WithMap =
        new[] { "properties", "patternProperties", "dependentSchemas", "$defs", "definitions" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Keywords that demand nothing: identification, reading by others, annotations.</summary>
    public static readonly FrozenSet<string> WithoutDemand = new[]
    {
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "$defs", "definitions", "then", "else", "minContains", "maxContains",
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Keywords of earlier drafts, with what took their place.</summary>
    public static readonly FrozenDictionary<string, string> Former = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["additionalItems"] = "items",
        ["dependencies"] = "dependentRequired or dependentSchemas",
        ["id"] = "$id",
        ["$recursiveRef"] = "$dynamicRef",
        ["$recursiveAnchor"] = "$dynamicAnchor",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
