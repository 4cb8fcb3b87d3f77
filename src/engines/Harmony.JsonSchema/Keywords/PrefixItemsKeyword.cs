using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>prefixItems</c> (§10.3.1.1).</summary>
internal sealed class PrefixItemsKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        var fits = true;
        for (var i = 0; i < schemas.Count && i < items.Count; i++) fits &= evaluator.CheckItem(schemas[i], i, items[i], $"{i}");
        evaluated?.AddFirst(schemas.Count);
        return fits;
    }
}
