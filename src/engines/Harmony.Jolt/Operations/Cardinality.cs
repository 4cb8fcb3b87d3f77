using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary><c>cardinality</c>: makes an array of a single value (<c>MANY</c>), or takes the first value of an array (<c>ONE</c>).</summary>
internal sealed class Cardinality : IOperation
{
    private readonly CardinalityBranch _root;

    private Cardinality(CardinalityBranch root) => _root = root;

    /// <summary>Compiles the <c>spec</c> of a cardinality; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is { } obj) return new Cardinality(CardinalityBranch.Compile(obj, scope));
        scope.Error("the spec of a cardinality is an object of keys with ONE, MANY or further keys");
        return null;
    }

    public DocValue Apply(DocValue input, JoltRun run) => _root.Apply(input, run);
}
