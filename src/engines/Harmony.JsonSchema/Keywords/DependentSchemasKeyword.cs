using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>dependentSchemas</c> (§10.2.2.4).</summary>
internal sealed class DependentSchemasKeyword(string name, IReadOnlyDictionary<string, Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas.Values;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, schema) in schemas)
        {
            if (members.ContainsKey(member)) fits &= evaluator.Check(schema, instance, evaluated, member);
        }

        return fits;
    }
}
