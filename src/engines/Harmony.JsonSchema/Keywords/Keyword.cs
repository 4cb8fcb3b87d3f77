using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Keywords;

/// <summary>One demand of a schema, compiled.</summary>
/// <param name="name">Its name in the schema.</param>
internal abstract class Keyword(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether it builds on what all other keywords of the schema have looked at, and therefore comes last.</summary>
    public virtual bool NeedsOthers => false;

    /// <summary>Schemas it applies to the very same value: where these lead back here, checking would never end.</summary>
    public virtual IEnumerable<Subschema> InPlace => [];

    /// <summary>Whether the value fits. A keyword that is about another type of value says yes (§7.6.1).</summary>
    /// <param name="instance">The value.</param>
    /// <param name="evaluator">Checks subschemas and takes violations.</param>
    /// <param name="evaluated">Takes what the keyword has looked at; null when nobody asks.</param>
    public abstract bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated);
}
