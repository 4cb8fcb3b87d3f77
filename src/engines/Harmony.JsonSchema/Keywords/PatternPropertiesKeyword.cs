using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>patternProperties</c> (§10.3.2.2).</summary>
internal sealed class PatternPropertiesKeyword(string name, IReadOnlyList<(string Text, SchemaPattern Pattern, Subschema Schema)> patterns) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, value) in members)
        {
            foreach (var (text, pattern, schema) in patterns)
            {
                if (!pattern.IsFoundIn(member)) continue;
                fits &= evaluator.CheckMember(schema, member, value, text);
                evaluated?.Add(member);
            }
        }

        return fits;
    }
}
