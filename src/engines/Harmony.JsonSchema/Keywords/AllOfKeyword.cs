using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>allOf</c> (§10.2.1.1).</summary>
internal sealed class AllOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var fits = true;
        for (var i = 0; i < schemas.Count; i++) fits &= evaluator.Check(schemas[i], instance, evaluated, $"{i}");
        return fits;
    }
}
