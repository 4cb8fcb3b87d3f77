using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>
/// <c>modify-overwrite-beta</c>, <c>modify-default-beta</c> and <c>modify-define-beta</c>: compute values from the document, the
/// context and the spec, and write them into the document.
/// </summary>
internal sealed class Modify : IOperation
{
    private readonly ModifyBranch _root;

    private Modify(ModifyBranch root) => _root = root;

    /// <summary>Compiles the <c>spec</c> of a modify; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope, WriteMode mode)
    {
        if (spec.AsObject is { } obj) return new Modify(new ModifyCompiler(mode).CompileRoot(obj, scope));
        scope.Error("the spec of a modify is an object of keys and what to set them to");
        return null;
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var document = Owned.Of(input, run);
        run.Walk.Push(document, ShiftCompiler.RootKey);
        _root.ApplyToRoot(document, run);
        run.Walk.Clear();
        return document.IsMissing ? DocValue.Null : document;
    }
}
