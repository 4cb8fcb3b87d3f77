using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>$ref</c> (§8.2.3.1).</summary>
internal sealed class ReferenceKeyword(string name, Subschema target) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => [target];

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated) => evaluator.Check(target, instance, evaluated);
}
