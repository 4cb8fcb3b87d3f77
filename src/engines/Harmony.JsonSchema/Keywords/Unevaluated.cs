using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>unevaluatedProperties</c> (§11.3): members that no keyword here or in schemas applied here has looked at.</summary>
internal sealed class UnevaluatedPropertiesKeyword(string name, Subschema schema) : Keyword(name)
{
    public override bool NeedsOthers => true;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, value) in members)
        {
            if (!evaluated!.Has(member)) fits &= evaluator.CheckMember(schema, member, value);
        }

        evaluated!.AddAllNames();
        return fits;
    }
}

/// <summary><c>unevaluatedItems</c> (§11.2): items that no keyword here or in schemas applied here has looked at.</summary>
internal sealed class UnevaluatedItemsKeyword(string name, Subschema schema) : Keyword(name)
{
    public override bool NeedsOthers => true;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonArray items) return true;
        var fits = true;
        for (var i = 0; i < items.Count; i++)
        {
            if (!evaluated!.Has(i)) fits &= evaluator.CheckItem(schema, i, items[i]);
        }

        evaluated!.AddAllItems();
        return fits;
    }
}
