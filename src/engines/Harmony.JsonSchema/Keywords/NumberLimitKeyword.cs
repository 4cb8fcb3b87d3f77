using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

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
