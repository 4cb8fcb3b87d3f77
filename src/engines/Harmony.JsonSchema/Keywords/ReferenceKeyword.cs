using System.Text.Json.Nodes;
using Harmony.Modules.Middleware.Schema.Evaluation;
using Harmony.Modules.Middleware.Schema.Loading;

namespace Harmony.Modules.Middleware.Schema.Keywords;

/// <summary><c>$ref</c> (§8.2.3.1).</summary>
internal sealed class ReferenceKeyword(string name, Subschema target) : Keyword(name)
{
    public override IEnumerable<Subschema> InPlace => [target];

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated) => evaluator.Check(target, instance, evaluated);
}
