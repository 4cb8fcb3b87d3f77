using System.Text.Json.Nodes;
using Harmony.Modules.Middleware.Schema.Evaluation;
using Harmony.Modules.Middleware.Schema.Loading;

namespace Harmony.Modules.Middleware.Schema.Keywords;

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
