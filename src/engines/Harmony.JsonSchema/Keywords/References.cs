using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>$ref</c> (§8.2.3.1).</summary>
internal sealed class ReferenceKeyword(string name, Subschema target) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => [target];

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated) => evaluator.Check(target, instance, evaluated);
}

/// <summary><c>$dynamicRef</c> to a <c>$dynamicAnchor</c> (§8.2.3.2): the outermost resource entered that has this anchor decides.</summary>
internal sealed class DynamicReferenceKeyword(string name, string anchor, Subschema initial, IReadOnlyList<Subschema> candidates) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => candidates;

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        var target = initial;
        for (var scope = evaluator.Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Resource.DynamicAnchors.TryGetValue(anchor, out var found)) target = found;
        }

        return evaluator.Check(target, instance, evaluated);
    }
}
