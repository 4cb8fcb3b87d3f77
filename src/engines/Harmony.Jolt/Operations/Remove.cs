using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary><c>remove</c>: walks the spec and removes what the document has of it.</summary>
internal sealed class Remove : IOperation
{
    private readonly RemoveNode _root;

    private Remove(RemoveNode root) => _root = root;

    /// <summary>Compiles the <c>spec</c> of a remove; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is { } obj) return new Remove(RemoveNode.CompileRoot(obj, scope));
        scope.Error("the spec of a remove is an object of keys to remove");
        return null;
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var document = Owned.Of(input, run);
        _root.ApplyChildren(document, run);
        return document;
    }
}
