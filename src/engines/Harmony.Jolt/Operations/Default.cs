using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary><c>default</c>: walks the spec and adds what the document does not have, or has as <c>null</c>.</summary>
internal sealed class Default : IOperation
{
    private readonly DefaultBranch _object;
    private readonly DefaultBranch? _array;

    private Default(DefaultBranch obj, DefaultBranch? array)
    {
        _object = obj;
        _array = array;
    }

    /// <summary>Compiles the <c>spec</c> of a default; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is not { } obj)
        {
            scope.Error("the spec of a default is an object of keys and what they default to");
            return null;
        }

        // The spec cannot say whether the document is an array. When its keys are indexes, it serves both.
        var indexes = obj.Members.ToArray().All(m => DefaultCompiler.IsIndexKey(m.Key));
        return new Default(DefaultCompiler.Compile(obj, ofArray: false, scope), indexes ? DefaultCompiler.Compile(obj, ofArray: true, scope) : null);
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var document = input.IsNullOrMissing ? DocValue.Of(new DocObject()) : Owned.Of(input, run);
        if (document.Kind == DocKind.Array && _array is null)
            throw new JoltException("default: the document is an array, and the spec has keys that are no array indexes");
        (document.Kind == DocKind.Array ? _array! : _object).Apply(document, run);
        return document;
    }
}
