using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>
/// <c>shift</c>: walks the input and the spec together and writes what matches to the places the spec names. What nothing matches is
/// not in the result.
/// </summary>
internal sealed class Shift : IOperation
{
    private readonly ShiftBranch _root;
    private readonly int _longestPath;

    private Shift(ShiftBranch root, int longestPath)
    {
        _root = root;
        _longestPath = longestPath;
    }

    /// <summary>Compiles the <c>spec</c> of a shift; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        var compiler = new ShiftCompiler();
        var root = compiler.CompileRoot(spec, scope);
        return root is null ? null : new Shift(root, compiler.LongestPath);
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var output = new ShiftOutput(run, _longestPath);
        run.Walk.Push(input, ShiftCompiler.RootKey);
        _root.Apply(ShiftCompiler.RootKey, input, output);
        run.Walk.Clear();
        return output.Result;
    }
}
