using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>properties</c> (§10.3.2.1).</summary>
internal sealed class PropertiesKeyword(string name, IReadOnlyDictionary<string, Subschema> schemas) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, schema) in schemas)
        {
            if (!members.TryGetPropertyValue(member, out var value)) continue;
            fits &= evaluator.CheckMember(schema, member, value, member);
            evaluated?.Add(member);
        }

        return fits;
    }
}
