using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>pattern</c> (validation §6.3.3).</summary>
internal sealed class PatternKeyword(string name, string text, SchemaPattern pattern) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.String || pattern.IsFoundIn(instance!.GetValue<string>()) || evaluator.Fail($"must match the pattern {text}");
}
