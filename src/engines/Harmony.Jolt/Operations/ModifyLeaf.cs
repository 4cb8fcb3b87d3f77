using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Functions;

namespace Harmony.Jolt.Operations;

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
