using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>uniqueItems</c> (validation §6.4.3).</summary>
internal sealed class UniqueItemsKeyword(string name) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        var seen = new HashSet<JsonNode>(JsonEquality.Instance);
        var sawNull = false;
        foreach (var item in items)
        {
            if (item is null ? sawNull : !seen.Add(item)) return evaluator.Fail("must not have equal items");
            sawNull |= item is null;
        }

        return true;
    }
}
