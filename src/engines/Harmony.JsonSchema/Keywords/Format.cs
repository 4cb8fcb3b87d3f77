using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>format</c> (validation §7), where it is asserted and not only an annotation.</summary>
internal sealed class FormatKeyword(string name, string format, Func<string, bool> isValid) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.String || isValid(instance!.GetValue<string>()) || evaluator.Fail($"must be of the format {format}");
}
