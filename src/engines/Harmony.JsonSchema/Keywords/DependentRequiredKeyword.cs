using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>dependentRequired</c> (validation §6.5.4).</summary>
internal sealed class DependentRequiredKeyword(string name, IReadOnlyDictionary<string, IReadOnlyList<string>> dependencies) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject given) return true;
        var fits = true;
        foreach (var (member, needed) in dependencies)
        {
            if (!given.ContainsKey(member)) continue;
            foreach (var other in needed)
            {
                if (!given.ContainsKey(other)) fits = evaluator.Fail($"must have a member '{other}' where it has '{member}'");
            }
        }

        return fits;
    }
}
