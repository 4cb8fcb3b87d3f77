using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>propertyNames</c> (§10.3.2.4).</summary>
internal sealed class PropertyNamesKeyword(string name, Subschema schema) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, _) in members) fits &= evaluator.CheckMember(schema, member, JsonValue.Create(member));
        return fits;
    }
}
