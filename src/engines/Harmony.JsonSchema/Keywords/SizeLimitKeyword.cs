using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

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
