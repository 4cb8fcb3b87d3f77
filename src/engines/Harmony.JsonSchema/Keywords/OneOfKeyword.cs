using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>oneOf</c> (§10.2.1.3).</summary>
internal sealed class OneOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var count = 0;
        foreach (var schema in schemas)
        {
            if (evaluator.Fits(schema, instance, evaluated)) count++;
            if (count > 1) break;
        }

        return count == 1 || evaluator.Fail($"must fit exactly one of {schemas.Count} alternatives, fits {(count == 0 ? "none" : "several")}");
    }
}
