using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Loading;

/// <summary>A keyword of a schema as written, with readers for the types of its value. A reader throws if the value has another type.</summary>
/// <param name="Schema">The schema that holds the keyword.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Place">The location of the schema.</param>
/// <param name="Compiler">Compiles the subschemas of the keyword.</param>
internal sealed record KeywordSource(JsonObject Schema, string Name, JsonNode? Value, SchemaPlace Place, SchemaCompiler Compiler)
{
    public static SchemaException Wrong(string message) => new(message);

    public string Text() => TextOf(Value);

    public bool Flag() => JsonEquality.KindOf(Value) switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong($"'{Name}' must be true or false"),
    };

    public JsonNode Number() => JsonEquality.KindOf(Value) == JsonValueKind.Number ? Value! : throw Wrong($"'{Name}' must be a number");

    public JsonNode PositiveNumber()
        => JsonNumber.Of(Number()).Sign > 0 ? Value! : throw Wrong($"'{Name}' must be greater than 0");

    public long Count() => CountOf(Value, Name);

    /// <summary>The count that another keyword of the schema gives, or <paramref name="fallback"/>.</summary>
    public long CountOf(string other, long fallback) => Schema.TryGetPropertyValue(other, out var value) ? CountOf(value, other) : fallback;

    public IReadOnlyList<string> Texts()
    {
        if (Value is not JsonArray items) throw Wrong($"'{Name}' must be a list of strings");
        var texts = items.Select(TextOf).ToList();
        return texts.Distinct(StringComparer.Ordinal).Count() == texts.Count ? texts : throw Wrong($"'{Name}' lists the same twice");
    }

    public IReadOnlyList<JsonNode?> Values() => Value is JsonArray items ? [.. items] : throw Wrong($"'{Name}' must be a list");

    public Subschema Subschema() => Compiler.Get(Value) ?? throw Wrong($"'{Name}' must be a schema");

    public Subschema? SubschemaOf(string other) => Schema.TryGetPropertyValue(other, out var value) ? Compiler.Get(value) : null;

    public IReadOnlyList<Subschema> Subschemas()
        => Value is JsonArray { Count: > 0 } items
            ? [.. items.Select(Compiler.Get).OfType<Subschema>()]
            : throw Wrong($"'{Name}' must be a list of at least one schema");

    public IReadOnlyDictionary<string, Subschema> NamedSubschemas()
    {
        var schemas = new Dictionary<string, Subschema>(StringComparer.Ordinal);
        foreach (var (name, value) in Members())
        {
            if (Compiler.Get(value) is { } schema) schemas[name] = schema;
        }

        return schemas;
    }

    public JsonObject Members() => Value as JsonObject ?? throw Wrong($"'{Name}' must be an object");

    public static SchemaPattern Pattern(string text)
    {
        try
        {
            return new SchemaPattern(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw Wrong($"'{text}' is not a regular expression: {e.Message}");
        }
    }

    private static long CountOf(JsonNode? value, string name)
    {
        if (JsonEquality.KindOf(value) == JsonValueKind.Number && JsonNumber.Of(value!) is { IsInteger: true, Sign: >= 0 }
            && decimal.TryParse(value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
        {
            return (long)Math.Min(count, long.MaxValue);
        }

        throw Wrong($"'{name}' must be an integer from 0");
    }

    private string TextOf(JsonNode? value)
        => JsonEquality.KindOf(value) == JsonValueKind.String ? value!.GetValue<string>() : throw Wrong($"'{Name}' must be a string or hold strings only");
}
