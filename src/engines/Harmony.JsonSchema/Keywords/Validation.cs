using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>type</c> (validation §6.1.1).</summary>
internal sealed class TypeKeyword(string name, IReadOnlyList<string> types) : Keyword(name)
{
    /// <summary>The types there are.</summary>
    public static readonly IReadOnlyList<string> Known = ["null", "boolean", "object", "array", "number", "string", "integer"];

    private readonly string _message = $"must be of type {string.Join(" or ", types)}";

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        foreach (var type in types)
        {
            if (Is(instance, type)) return true;
        }

        return evaluator.Fail(_message);
    }

    private static bool Is(JsonNode? instance, string type) => JsonEquality.KindOf(instance) switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        _ => type == "number" || (type == "integer" && JsonNumber.Of(instance!).IsInteger),
    };
}

/// <summary><c>enum</c> and, with one value, <c>const</c> (validation §6.1.2, §6.1.3).</summary>
internal sealed class EnumKeyword(string name, IEnumerable<JsonNode?> values) : Keyword(name)
{
    private readonly HashSet<JsonNode> _values = new(values.OfType<JsonNode>(), JsonEquality.Instance);
    private readonly bool _allowsNull = values.Contains(null);

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => (instance is null ? _allowsNull : _values.Contains(instance)) || evaluator.Fail("must be a value that the schema lists");
}

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c> (validation §6.2).</summary>
/// <param name="name">Its name.</param>
/// <param name="limit">The limit.</param>
/// <param name="isUpper">Whether it is one from above.</param>
/// <param name="isExclusive">Whether the limit itself does not fit.</param>
internal sealed class NumberLimitKeyword(string name, JsonNode limit, bool isUpper, bool isExclusive) : Keyword(name)
{
    private readonly JsonNumber _limit = JsonNumber.Of(limit);
    private readonly string _message = $"must be {(isUpper ? "less" : "greater")} than {(isExclusive ? "" : "or equal to ")}{limit.ToJsonString()}";

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (JsonEquality.KindOf(instance) != JsonValueKind.Number) return true;
        var comparison = JsonNumber.Compare(JsonNumber.Of(instance!), _limit);
        if (isUpper) comparison = -comparison;
        return (isExclusive ? comparison > 0 : comparison >= 0) || evaluator.Fail(_message);
    }
}

/// <summary><c>multipleOf</c> (validation §6.2.1), without rounding.</summary>
internal sealed class MultipleOfKeyword(string name, JsonNode divisor) : Keyword(name)
{
    private readonly JsonNumber _divisor = JsonNumber.Of(divisor);
    private readonly string _message = $"must be a multiple of {divisor.ToJsonString()}";

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.Number || JsonNumber.Of(instance!).IsMultipleOf(_divisor) || evaluator.Fail(_message);
}

/// <summary>
/// Limits of sizes (validation §6.3 to §6.5): <c>minLength</c>, <c>maxLength</c> in Unicode code points, <c>minItems</c>, <c>maxItems</c>,
/// <c>minProperties</c>, <c>maxProperties</c>.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="limit">The limit.</param>
internal sealed class SizeLimitKeyword(string name, long limit) : Keyword(name)
{
    private readonly bool _isUpper = name.StartsWith("max", StringComparison.Ordinal);
    private readonly JsonValueKind _kind = name[3..] switch { "Length" => JsonValueKind.String, "Items" => JsonValueKind.Array, _ => JsonValueKind.Object };

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (JsonEquality.KindOf(instance) != _kind) return true;
        long size = instance switch { JsonObject members => members.Count, JsonArray items => items.Count, _ => CodePoints(instance!.GetValue<string>()) };
        if (_isUpper ? size <= limit : size >= limit) return true;
        var unit = _kind switch { JsonValueKind.String => "characters", JsonValueKind.Array => "items", _ => "members" };
        return evaluator.Fail($"must have at {(_isUpper ? "most" : "least")} {limit} {unit}");
    }

    private static int CodePoints(string text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (!char.IsLowSurrogate(c)) count++;
        }

        return count;
    }
}

/// <summary><c>pattern</c> (validation §6.3.3).</summary>
internal sealed class PatternKeyword(string name, string text, SchemaPattern pattern) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.String || pattern.IsFoundIn(instance!.GetValue<string>())
            || evaluator.Fail($"must match the pattern {text}");
}

/// <summary><c>uniqueItems</c> (validation §6.4.3).</summary>
internal sealed class UniqueItemsKeyword(string name) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        var seen = new HashSet<JsonNode>(JsonEquality.Instance);
        var sawNull = false;
        foreach (var item in items)
        {
            if (item is null ? sawNull : !seen.Add(item)) return evaluator.Fail("must not have equal items");
            sawNull |= item is null;
        }

        return true;
    }
}

/// <summary><c>required</c> (validation §6.5.3).</summary>
internal sealed class RequiredKeyword(string name, IReadOnlyList<string> members) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject given) return true;
        var fits = true;
        foreach (var member in members)
        {
            if (!given.ContainsKey(member)) fits = evaluator.Fail($"must have a member '{member}'");
        }

        return fits;
    }
}

/// <summary><c>dependentRequired</c> (validation §6.5.4).</summary>
internal sealed class DependentRequiredKeyword(string name, IReadOnlyDictionary<string, IReadOnlyList<string>> dependencies) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject given) return true;
        var fits = true;
        foreach (var (member, needed) in dependencies)
        {
            if (!given.ContainsKey(member)) continue;
            foreach (var other in needed)
            {
                if (!given.ContainsKey(other)) fits = evaluator.Fail($"must have a member '{other}' where it has '{member}'");
            }
        }

        return fits;
    }
}
