using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>enum</c> and, with one value, <c>const</c> (validation §6.1.2, §6.1.3).</summary>
internal sealed class EnumKeyword(string name, IEnumerable<JsonNode?> values) : Keyword(name)
{
    private readonly HashSet<JsonNode> _values = new(values.OfType<JsonNode>(), JsonEquality.Instance);
    private readonly bool _allowsNull = values.Contains(null);

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
        => (instance is null ? _allowsNull : _values.Contains(instance)) || evaluator.Fail("must be a value that the schema lists");
}
