using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>not</c> (§10.2.1.4).</summary>
internal sealed class NotKeyword(string name, Subschema schema) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => [schema];

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => !evaluator.Fits(schema, instance, null) || evaluator.Fail("must not fit the schema that is excluded here");
}
