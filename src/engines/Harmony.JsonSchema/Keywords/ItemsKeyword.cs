using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>items</c> (§10.3.1.2): every item behind those of <c>prefixItems</c>.</summary>
internal sealed class ItemsKeyword(string name, Subschema schema, int start) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        var fits = true;
        for (var i = start; i < items.Count; i++) fits &= evaluator.CheckItem(schema, i, items[i]);
        evaluated?.AddAllItems();
        return fits;
    }
}
