using System.Collections.Frozen;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a shift spec with further keys below it.</summary>
internal sealed class ShiftBranch : ShiftNode
{
    private readonly ShiftNode[] _additions; // @, $, #: apply whenever this one matches
    private readonly (string Name, int Index, ShiftNode Node)[] _literals; // in the order of the spec
    private readonly FrozenDictionary<string, ShiftNode> _byName;
    private readonly ShiftNode[] _computed; // most specific first
    private readonly bool _inInputOrder;

    public ShiftBranch(KeyPattern key, IReadOnlyList<ShiftNode> children)
        : base(key)
    {
        _additions = [.. children.Where(c => !c.MatchesInput)];
        _literals = [.. children.Where(c => c.Key is LiteralKey).Select(c => (NameOf(c), IndexOf(c), c))];
        _byName = _literals.ToFrozenDictionary(l => l.Name, l => l.Node);
        _computed = [.. children.Where(c => c.Key is ComputedKey).OrderBy(c => (ComputedKey)c.Key, ComputedKey.MostSpecificFirst)];

        // Literal keys are served first, in the order of the spec, unless a pattern might take a key from them: then every input key
        // has to be asked in turn. It decides in which order values end up in an array that both write to.
        _inInputOrder = _literals.Any(l => _computed.Any(c => ((ComputedKey)c.Key).MayMatch(l.Name)));
    }

    protected override bool WalksIntoLookup => true;

    public override bool Apply(string inputKey, DocValue input, ShiftOutput output)
    {
        var walk = output.Run.Walk;
        output.Run.Meter.Spend();
        if (!TryEnter(inputKey, input, walk, out var value)) return false;
        if (Key is ConstantKey) value = input; // the constant is the key; what is below it is asked of the input
        foreach (var addition in _additions) addition.Apply(inputKey, value, output);
        ApplyChildren(value, output);
        walk.Pop();
        walk.CountMatch();
        return true;
    }

    private void ApplyChildren(DocValue value, ShiftOutput output)
    {
        if (value.AsObject is { } obj) ApplyToObject(obj, output);
        else if (value.AsArray is { } array) ApplyToArray(array, output);
        else if (!value.IsNullOrMissing && _literals.Length + _computed.Length > 0) ApplyTo(DocText.Scalar(value), DocValue.Null, output);
    }

    private void ApplyToObject(DocObject obj, ShiftOutput output)
    {
        if (!_inInputOrder)
        {
            foreach (var (name, _, node) in _literals)
            {
                var i = obj.IndexOf(name);
                if (i >= 0) node.Apply(name, obj.Members[i].Value, output);
            }
        }

        if (_computed.Length == 0) return;
        output.Run.Meter.Spend(obj.Count);
        foreach (var (key, value) in obj.Members) ApplyToMember(key, value, output);
    }

    private void ApplyToArray(DocArray array, ShiftOutput output)
    {
        if (!_inInputOrder)
        {
            foreach (var (name, index, node) in _literals)
            {
                if ((uint)index < (uint)array.Count) node.Apply(name, array[index], output);
            }
        }

        if (_computed.Length == 0) return;
        output.Run.Meter.Spend(array.Count);
        for (var i = 0; i < array.Count; i++) ApplyToMember(IndexText.Of(i), array[i], output);
    }

    private void ApplyToMember(string key, DocValue value, ShiftOutput output)
    {
        if (_inInputOrder) ApplyTo(key, value, output);
        else ApplyComputed(key, value, output);
    }

    private void ApplyTo(string key, DocValue value, ShiftOutput output)
    {
        if (_byName.TryGetValue(key, out var literal)) literal.Apply(key, value, output);
        else ApplyComputed(key, value, output);
    }

    private void ApplyComputed(string key, DocValue value, ShiftOutput output)
    {
        foreach (var node in _computed)
        {
            if (node.Apply(key, value, output)) return;
        }
    }

    private static string NameOf(ShiftNode node) => ((LiteralKey)node.Key).Name;

    private static int IndexOf(ShiftNode node) => IndexText.TryParse(NameOf(node), out var index) ? index : -1;
}
