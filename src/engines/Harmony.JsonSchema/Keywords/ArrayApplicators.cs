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

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c> (§10.3.1.3, validation §6.4.4).</summary>
internal sealed class ContainsKeyword(string name, Subschema schema, long min, long max) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        long count = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (!evaluator.Fits(schema, items[i], null)) continue;
            count++;
            evaluated?.Add(i);
        }

        if (count < min) return evaluator.Fail($"at least {min} items must fit the schema");
        return count <= max || evaluator.Fail($"at most {max} items may fit the schema");
    }
}
