using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>anyOf</c> (§10.2.1.2).</summary>
internal sealed class AnyOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var fits = false;
        foreach (var schema in schemas)
        {
            fits |= evaluator.Fits(schema, instance, evaluated);
            if (fits && evaluated is null) return true; // else each that fits may have looked at something
        }

        return fits || evaluator.Fail($"must fit at least one of {schemas.Count} alternatives");
    }
}
