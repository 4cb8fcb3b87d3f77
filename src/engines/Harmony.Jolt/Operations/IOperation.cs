using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>One compiled operation of a chain. Immutable: many threads apply it at once.</summary>
internal interface IOperation
{
    /// <summary>Transforms <paramref name="input"/>, which the operation may change as far as it is not shared.</summary>
    DocValue Apply(DocValue input, JoltRun run);
}
