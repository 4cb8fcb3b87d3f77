using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

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

/// <summary>A left-hand key of a modify spec: <c>+</c>, <c>~</c> or <c>_</c> before it, <c>?</c> after it.</summary>
/// <param name="Pattern">What it matches: a key, an index, or <c>*</c>.</param>
/// <param name="Mode">When it writes.</param>
/// <param name="MustExist">Whether it only applies where something is already.</param>
internal sealed record ModifyKey(KeyPattern Pattern, WriteMode Mode, bool MustExist)
{
    /// <summary>Reads a key; without prefix it writes as the operation does.</summary>
    /// <exception cref="SpecSyntaxException">It is not a key of a modify.</exception>
    public static ModifyKey Parse(string text, WriteMode mode)
    {
        var rest = text;
        if (rest.Length > 0 && WriteModes.FromPrefix(rest[0]) is { } prefix)
        {
            mode = prefix;
            rest = rest[1..];
        }

        var mustExist = text.Length > 1 && rest.EndsWith('?') && !rest.EndsWith("\\?", StringComparison.Ordinal);
        if (mustExist) rest = rest[..^1];
        var pattern = KeyParser.Parse(rest);
        return pattern is LiteralKey or IndexKey or AnyKey or GlobKey
            ? new ModifyKey(pattern, mode, mustExist)
            : throw new SpecSyntaxException($"key '{text}' is none a modify knows; expected a key, an index like '[0]', or '*'");
    }
}

/// <summary>A key of a modify spec and what hangs on it.</summary>
internal abstract class ModifyNode(ModifyKey key)
{
    public ModifyKey Key => key;

    /// <summary>Does its work at <paramref name="slot"/>, when its key matches. The walk stands at the container.</summary>
    /// <returns>Whether it matched, so that no other pattern gets to see this slot.</returns>
    public bool Apply(in Slot slot, JoltRun run)
    {
        run.Meter.Spend();
        if (key.Pattern is ComputedKey computed && !computed.IsMatch(slot.Key, run.Walk)) return false;
        if (!key.MustExist || !slot.Value.IsMissing) ApplyTo(slot, run);
        return true;
    }

    protected abstract void ApplyTo(in Slot slot, JoltRun run);

    /// <summary>The glob the key matched with, for the walk.</summary>
    protected Glob? Glob => (key.Pattern as ComputedKey)?.Glob;
}

/// <summary>A key of a modify spec with the expressions for its value, of which the first that has one counts.</summary>
internal sealed class ModifyLeaf(ModifyKey key, IReadOnlyList<IExpression> expressions) : ModifyNode(key)
{
    private readonly IExpression[] _expressions = [.. expressions];

    protected override void ApplyTo(in Slot slot, JoltRun run)
    {
        if (!Key.Mode.MayWrite(slot)) return;
        run.Walk.Push(slot.Value.IsMissing ? DocValue.Null : slot.Value, slot.Key, Glob);
        var value = Evaluate(slot.Value, run);
        run.Walk.Pop();
        if (!value.IsMissing) slot.Put(value.Share()); // it may come from elsewhere in the document, and be there still
    }

    private DocValue Evaluate(DocValue current, JoltRun run)
    {
        foreach (var expression in _expressions)
        {
            var value = expression.Evaluate(current, run);
            if (!value.IsMissing) return value;
        }

        return default;
    }
}
