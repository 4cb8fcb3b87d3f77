using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

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

/// <summary>A key of a shift spec and what hangs on it.</summary>
internal abstract class ShiftNode(KeyPattern key)
{
    private readonly bool _isLiteral = key is LiteralKey;
    private readonly bool _isAny = key is AnyKey;
    private readonly ComputedKey? _computed = key as ComputedKey;

    public KeyPattern Key => key;

    /// <summary>Whether the key takes part in matching input keys; the others add something whenever their parent matches.</summary>
    public bool MatchesInput { get; } = key is LiteralKey or ComputedKey;

    /// <summary>Whether what is below the key of a lookup sees the value found there, and not the one the lookup started from.</summary>
    protected abstract bool WalksIntoLookup { get; }

    /// <summary>Does its work for an input key and the value there, when it matches. The walk stands at the parent.</summary>
    /// <returns>Whether it matched, so that no other key gets to see this one.</returns>
    public abstract bool Apply(string inputKey, DocValue input, ShiftOutput output);

    /// <summary>Takes the step down to this key, when it matches, and tells the value it stands for.</summary>
    protected bool TryEnter(string inputKey, DocValue input, Walk walk, out DocValue value)
    {
        value = input;
        if (_isLiteral || _isAny)
        {
            walk.Push(input, inputKey);
            return true;
        }

        if (_computed is not null)
        {
            if (!_computed.IsMatch(inputKey, walk)) return false;
            walk.Push(input, inputKey, _computed.Glob);
            return true;
        }

        switch (key)
        {
            case InputKey:
                walk.PushSameMatch(input);
                return true;
            case LookupKey { Lookup: var lookup }:
                value = lookup.Find(walk);
                if (value.IsMissing) return false;
                walk.PushSameMatch(WalksIntoLookup ? value : input);
                return true;
            default:
                return TryEnterText(input, walk, out value);
        }
    }

    private bool TryEnterText(DocValue input, Walk walk, out DocValue value)
    {
        var text = key is ConstantKey constant ? constant.Text : walk.KeyAt(((NameKey)key).Reference);
        value = text is null ? default : DocValue.String(text);
        if (text is null) return false;
        walk.Push(input, text);
        return true;
    }
}

/// <summary>A key of a shift spec with the paths its value is written to; none throws the value away.</summary>
internal sealed class ShiftLeaf(KeyPattern key, IReadOnlyList<PathTemplate> targets) : ShiftNode(key)
{
    private readonly PathTemplate[] _targets = [.. targets];
    private readonly TextTemplate? _text = key is ConstantKey constant ? TextTemplate.Parse(constant.Text) : null;
    private readonly bool _needsNoWalk = key is LiteralKey && targets.All(t => t.IsConstant);

    protected override bool WalksIntoLookup => false;

    public override bool Apply(string inputKey, DocValue input, ShiftOutput output)
    {
        var walk = output.Run.Walk;
        if (_needsNoWalk)
        {
            foreach (var target in _targets) output.Write(target, input);
            walk.CountMatch();
            return true;
        }

        if (!TryEnter(inputKey, input, walk, out var value)) return false;
        if (_text is not null) value = _text.Expand(output.Run);
        foreach (var target in _targets) output.Write(target, value);
        walk.Pop();
        if (MatchesInput) walk.CountMatch();
        return MatchesInput;
    }
}
