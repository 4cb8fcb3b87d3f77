using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a default spec: literal, alternatives, or <c>*</c>.</summary>
/// <param name="names">The literal key or the alternatives; empty for <c>*</c>.</param>
/// <param name="below">What the key's value must have, or null when the key has a plain value.</param>
/// <param name="value">The plain value.</param>
internal sealed class DefaultEntry(IReadOnlyList<string> names, DefaultBranch? below, ValueTemplate value)
{
    private readonly string[] _names = [.. names];
    private readonly int[] _indexes = [.. names.Select(n => IndexText.TryParse(n, out var index) ? index : -1)];

    /// <summary>The index it adds to an array that is too short; -1 when it adds none.</summary>
    public int LargestLiteralIndex => _names.Length == 1 ? _indexes[0] : -1;

    // Only a literal key adds a member. The other two apply to members that are there, in the document or from literal keys.
    private bool IsLiteral => _names.Length == 1;

    public void ApplyTo(DocObject obj, JoltRun run)
    {
        if (_names.Length == 0)
        {
            run.Meter.Spend(obj.Count);
            for (var i = 0; i < obj.Count; i++) obj.SetAt(i, Filled(obj.Members[i].Value, run));
            return;
        }

        foreach (var name in _names)
        {
            var i = obj.IndexOf(name);
            if (i >= 0) obj.SetAt(i, Filled(obj.Members[i].Value, run));
            else if (IsLiteral) obj.Set(name, Filled(default, run));
        }
    }

    public void ApplyTo(DocArray array, JoltRun run)
    {
        if (_names.Length == 0)
        {
            run.Meter.Spend(array.Count);
            for (var i = 0; i < array.Count; i++) array[i] = Filled(array[i], run);
            return;
        }

        foreach (var index in _indexes)
        {
            if ((uint)index < (uint)array.Count) array[index] = Filled(array[index], run);
        }
    }

    private DocValue Filled(DocValue current, JoltRun run)
    {
        if (below is null) return current.IsNullOrMissing ? value.Expand(run) : current;
        var container = current.IsNullOrMissing ? below.NewContainer() : Owned.Of(current, run);
        below.Apply(container, run);
        return container;
    }
}
