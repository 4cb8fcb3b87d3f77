using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary>A compiled keyword of a schema.</summary>
/// <param name="name">Its name in the schema.</param>
internal abstract class Keyword(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether the keyword reads what all other keywords of the schema have evaluated, and therefore comes last.</summary>
    public virtual bool NeedsOthers => false;

    /// <summary>Schemas it applies to the very same value: where these lead back here, checking would never end.</summary>
    public virtual IEnumerable<Subschema> InPlace => [];

    /// <summary>Whether the value fits. A keyword that is about another type of value says yes (§7.6.1).</summary>
    /// <param name="instance">The value.</param>
    /// <param name="evaluator">Checks subschemas and takes violations.</param>
    /// <param name="evaluated">Takes what the keyword has looked at; null when it is not needed.</param>
    public abstract bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated);
}

/// <summary><c>format</c> (validation §7), where it is asserted and not only an annotation.</summary>
internal sealed class FormatKeyword(string name, string format, Func<string, bool> isValid) : Keyword(name)
{
    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => JsonEquality.KindOf(instance) != JsonValueKind.String || isValid(instance!.GetValue<string>()) || evaluator.Fail($"must be of the format {format}");
}

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
