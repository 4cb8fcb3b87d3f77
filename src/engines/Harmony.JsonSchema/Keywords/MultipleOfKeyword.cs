using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>multipleOf</c> (validation §6.2.1), without rounding.</summary>
internal sealed class MultipleOfKeyword(string name, JsonNode divisor) : Keyword(name)
{
    private readonly JsonNumber _divisor = JsonNumber.Of(divisor);
    private readonly string _message = $"must be a multiple of {divisor.ToJsonString()}";

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.Number || JsonNumber.Of(instance!).IsMultipleOf(_divisor) || evaluator.Fail(_message);
}
