using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>additionalProperties</c> (§10.3.2.3): members that neither <c>properties</c> nor <c>patternProperties</c> of the same schema know.</summary>
internal sealed class AdditionalPropertiesKeyword(string name, Subschema schema, IReadOnlySet<string> known, IReadOnlyList<SchemaPattern> patterns) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, value) in members)
        {
            if (known.Contains(member) || patterns.Any(p => p.IsFoundIn(member))) continue;
            fits &= evaluator.CheckMember(schema, member, value);
            evaluated?.Add(member);
        }

        return fits;
    }
}
