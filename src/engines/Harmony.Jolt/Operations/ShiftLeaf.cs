using Harmony.Jolt.Documents;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a shift spec with the paths its value is written to; none throws the value away.</summary>
internal sealed class ShiftLeaf(KeyPattern key, IReadOnlyList<PathTemplate> targets) : ShiftNode(key)
{
    private readonly PathTemplate[] _targets = [.. targets];
    private readonly TextTemplate? _text = key is ConstantKey constant ? TextTemplate.Parse(constant.Text) : null;

    protected override bool WalksIntoLookup => false;

    public override bool Apply(string inputKey, DocValue input, ShiftOutput output)
    {
        var walk = output.Run.Walk;
        if (!TryEnter(inputKey, input, walk, out var value)) return false;
        if (_text is not null) value = _text.Expand(output.Run);
        foreach (var target in _targets) output.Write(target, value);
        walk.Pop();
        if (MatchesInput) walk.CountMatch();
        return MatchesInput;
    }
}
