using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>required</c> (validation §6.5.3).</summary>
internal sealed class RequiredKeyword(string name, IReadOnlyList<string> members) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject given) return true;
        var fits = true;
        foreach (var member in members)
        {
            if (!given.ContainsKey(member)) fits = evaluator.Fail($"must have a member '{member}'");
        }

        return fits;
    }
}
