using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

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
