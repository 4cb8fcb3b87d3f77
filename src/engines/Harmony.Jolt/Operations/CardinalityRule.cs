using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>What becomes of a value that a cardinality key matches.</summary>
internal abstract class CardinalityRule
{
    /// <summary>What takes the place of <paramref name="value"/>.</summary>
    public abstract DocValue Apply(DocValue value, JoltRun run);
}
