using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Formats;
using Harmony.JsonSchema.Keywords;

namespace Harmony.JsonSchema.Loading;

/// <summary>The compilers of all keywords. A new keyword is one line here and a class in <c>Keywords</c>.</summary>
internal static class KeywordTable
{
    private static readonly FrozenDictionary<string, Func<KeywordSource, Keyword?>> Factories = new Dictionary<string, Func<KeywordSource, Keyword?>>(
        StringComparer.Ordinal)
    {
        ["$ref"] = s => new ReferenceKeyword(s.Name, s.Compiler.Follow(s.Text(), s.Place.Resource).Target),
        ["$dynamicRef"] = DynamicReference,
        ["allOf"] = s => new AllOfKeyword(s.Name, s.Subschemas()),
        ["anyOf"] = s => new AnyOfKeyword(s.Name, s.Subschemas()),
        ["oneOf"] = s => new OneOfKeyword(s.Name, s.Subschemas()),
        ["not"] = s => new NotKeyword(s.Name, s.Subschema()),
        ["if"] = s => new IfKeyword(s.Name, s.Subschema(), s.SubschemaOf("then"), s.SubschemaOf("else")),
        ["dependentSchemas"] = s => new DependentSchemasKeyword(s.Name, s.NamedSubschemas()),
        ["properties"] = s => new PropertiesKeyword(s.Name, s.NamedSubschemas()),
        ["patternProperties"] = s => new PatternPropertiesKeyword(s.Name, [.. s.NamedSubschemas().Select(p => (p.Key, KeywordSource.Pattern(p.Key), p.Value))]),
        ["additionalProperties"] = AdditionalProperties,
        ["propertyNames"] = s => new PropertyNamesKeyword(s.Name, s.Subschema()),
        ["unevaluatedProperties"] = s => new UnevaluatedPropertiesKeyword(s.Name, s.Subschema()),
        ["prefixItems"] = s => new PrefixItemsKeyword(s.Name, s.Subschemas()),
        ["items"] = Items,
        ["contains"] = s => new ContainsKeyword(s.Name, s.Subschema(), s.CountOf("minContains", 1), s.CountOf("maxContains", long.MaxValue)),
        ["unevaluatedItems"] = s => new UnevaluatedItemsKeyword(s.Name, s.Subschema()),
        ["type"] = s => new TypeKeyword(s.Name, Types(s)),
        ["enum"] = s => new EnumKeyword(s.Name, s.Values()),
        ["const"] = s => new EnumKeyword(s.Name, [s.Value]),
        ["minimum"] = s => new NumberLimitKeyword(s.Name, s.Number(), isUpper: false, isExclusive: false),
        ["maximum"] = s => new NumberLimitKeyword(s.Name, s.Number(), isUpper: true, isExclusive: false),
        ["exclusiveMinimum"] = s => new NumberLimitKeyword(s.Name, s.Number(), isUpper: false, isExclusive: true),
        ["exclusiveMaximum"] = s => new NumberLimitKeyword(s.Name, s.Number(), isUpper: true, isExclusive: true),
        ["multipleOf"] = s => new MultipleOfKeyword(s.Name, s.PositiveNumber()),
        ["minLength"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["maxLength"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["minItems"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["maxItems"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["minProperties"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["maxProperties"] = s => new SizeLimitKeyword(s.Name, s.Count()),
        ["pattern"] = s => new PatternKeyword(s.Name, s.Text(), KeywordSource.Pattern(s.Text())),
        ["uniqueItems"] = s => s.Flag() ? new UniqueItemsKeyword(s.Name) : null,
        ["required"] = s => new RequiredKeyword(s.Name, s.Texts()),
        ["dependentRequired"] = s
            => new DependentRequiredKeyword(s.Name, s.Members().ToDictionary(m => m.Key, m => (s with { Value = m.Value }).Texts(), StringComparer.Ordinal)),
        ["format"] = Format,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of all keywords with a compiler.</summary>
    public static IEnumerable<string> Names => Factories.Keys;

    /// <summary>The compiler of a keyword; null for an unknown keyword and for one without a constraint, such as <c>title</c>.</summary>
    public static Func<KeywordSource, Keyword?>? Find(string name) => Factories.GetValueOrDefault(name);

    private static Keyword DynamicReference(KeywordSource source)
    {
        var (target, resource, anchor) = source.Compiler.Follow(source.Text(), source.Place.Resource);
        return anchor is not null && resource.DynamicNames.Contains(anchor)
            ? new DynamicReferenceKeyword(source.Name, anchor, target, source.Compiler.WithDynamicAnchor(anchor))
            : new ReferenceKeyword(source.Name, target);
    }

    private static AdditionalPropertiesKeyword AdditionalProperties(KeywordSource source)
    {
        var known = source.Schema["properties"] as JsonObject ?? [];
        var patterns = source.Schema["patternProperties"] as JsonObject ?? [];
        return new AdditionalPropertiesKeyword(
            source.Name, source.Subschema(), known.Select(m => m.Key)
                .ToHashSet(StringComparer.Ordinal), [.. patterns.Select(p => KeywordSource.Pattern(p.Key))]);
    }

    private static ItemsKeyword Items(KeywordSource source)
    {
        if (source.Value is JsonArray) throw KeywordSource.Wrong("'items' must be a schema; the list form of earlier drafts is 'prefixItems'");
        return new ItemsKeyword(source.Name, source.Subschema(), (source.Schema["prefixItems"] as JsonArray)?.Count ?? 0);
    }

    private static IReadOnlyList<string> Types(KeywordSource source)
    {
        var types = source.Value is JsonArray { Count: > 0 } ? source.Texts() : [source.Text()];
        return types.FirstOrDefault(t => !TypeKeyword.Known.Contains(t)) is { } unknown
            ? throw KeywordSource.Wrong($"'{unknown}' is not a type; known are {string.Join(", ", TypeKeyword.Known)}")
            : types;
    }

    private static FormatKeyword? Format(KeywordSource source)
    {
        var format = source.Text();
        if (!source.Compiler.AssertsFormats) return null;
        return KnownFormats.Find(format) is { } isValid
            ? new FormatKeyword(source.Name, format, isValid)
            : throw KeywordSource.Wrong($"format '{format}' is not known and cannot be asserted");
    }
}

/// <summary>The keywords of JSON Schema 2020-12 by name, and those that hold schemas.</summary>
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

    /// <summary>Keywords without a compiler: identifiers, keywords that another keyword reads, annotations.</summary>
    public static readonly FrozenSet<string> WithoutDemand = new[]
    {
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "$defs", "definitions", "then", "else", "minContains", "maxContains",
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Keywords of earlier drafts, with those that replace them.</summary>
    public static readonly FrozenDictionary<string, string> Former = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["additionalItems"] = "items",
        ["dependencies"] = "dependentRequired or dependentSchemas",
        ["id"] = "$id",
        ["$recursiveRef"] = "$dynamicRef",
        ["$recursiveAnchor"] = "$dynamicAnchor",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
