using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>allOf</c> (§10.2.1.1).</summary>
internal sealed class AllOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var fits = true;
        for (var i = 0; i < schemas.Count; i++) fits &= evaluator.Check(schemas[i], instance, evaluated, $"{i}");
        return fits;
    }
}

/// <summary><c>anyOf</c> (§10.2.1.2).</summary>
internal sealed class AnyOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var fits = false;
        foreach (var schema in schemas)
        {
            fits |= evaluator.Fits(schema, instance, evaluated);
            if (fits && evaluated is null) return true; // else each that fits may have looked at something
        }

        return fits || evaluator.Fail($"must fit at least one of {schemas.Count} alternatives");
    }
}

/// <summary><c>oneOf</c> (§10.2.1.3).</summary>
internal sealed class OneOfKeyword(string name, IReadOnlyList<Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var count = 0;
        foreach (var schema in schemas)
        {
            if (evaluator.Fits(schema, instance, evaluated)) count++;
            if (count > 1) break;
        }

        return count == 1 || evaluator.Fail($"must fit exactly one of {schemas.Count} alternatives, fits {(count == 0 ? "none" : "several")}");
    }
}

/// <summary><c>not</c> (§10.2.1.4).</summary>
internal sealed class NotKeyword(string name, Subschema schema) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => [schema];

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => !evaluator.Fits(schema, instance, null) || evaluator.Fail("must not fit the schema that is excluded here");
}

/// <summary><c>if</c> with <c>then</c> and <c>else</c> (§10.2.2).</summary>
internal sealed class IfKeyword(string name, Subschema condition, Subschema? then, Subschema? otherwise) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => new[] { condition, then, otherwise }.OfType<Subschema>();

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var holds = evaluator.Fits(condition, instance, evaluated);
        var chosen = holds ? then : otherwise;
        return chosen is null || evaluator.Check(chosen, instance, evaluated, holds ? "then" : "else");
    }
}

/// <summary><c>dependentSchemas</c> (§10.2.2.4).</summary>
internal sealed class DependentSchemasKeyword(string name, IReadOnlyDictionary<string, Subschema> schemas) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => schemas.Values;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        if (instance is not JsonObject members) return true;
        var fits = true;
        foreach (var (member, schema) in schemas)
        {
            if (members.ContainsKey(member)) fits &= evaluator.Check(schema, instance, evaluated, member);
        }

        return fits;
    }
}
