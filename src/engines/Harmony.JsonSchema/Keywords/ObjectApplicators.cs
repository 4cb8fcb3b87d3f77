using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;
using Harmony.JsonSchema.Values;

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

/// <summary><c>additionalProperties</c> (§10.3.2.3): members that neither <c>properties</c> nor <c>patternProperties</c> of the same schema know.</summary>
internal sealed class AdditionalPropertiesKeyword(
    string name, Subschema schema, IReadOnlySet<string> known, IReadOnlyList<SchemaPattern> patterns) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, value) in members)
        {
            if (known.Contains(member) || patterns.Any(p => p.IsFoundIn(member))) continue;
            fits &= evaluator.CheckMember(schema, member, value);
            evaluated?.Add(member);
        }

        return fits;
    }
}

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
