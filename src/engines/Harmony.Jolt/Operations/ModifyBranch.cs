using System.Collections.Frozen;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a modify spec with further keys below it.</summary>
internal sealed class ModifyBranch : ModifyNode
{
    private readonly (string Name, ModifyNode Node)[] _names;
    private readonly (int Index, ModifyNode Node)[] _indexes;
    private readonly FrozenDictionary<int, ModifyNode> _byIndex;
    private readonly ModifyNode[] _computed; // most specific first
    private readonly int _arrayLength;
    private readonly bool _wantsObject;
    private readonly bool _eitherIndexOrPattern;

    public ModifyBranch(ModifyKey key, IReadOnlyList<ModifyNode> children)
        : base(key)
    {
        _names = [.. children.Where(c => c.Key.Pattern is LiteralKey).Select(c => (((LiteralKey)c.Key.Pattern).Name, c))];
        _indexes = [.. children.Where(c => c.Key.Pattern is IndexKey).Select(c => (((IndexKey)c.Key.Pattern).Index, c))];
        _byIndex = _indexes.ToFrozenDictionary(i => i.Index, i => i.Node);
        _computed = [.. children.Where(c => c.Key.Pattern is ComputedKey).OrderBy(c => (ComputedKey)c.Key.Pattern, ComputedKey.MostSpecificFirst)];
        _arrayLength = _indexes.Where(i => !i.Node.Key.MustExist).Select(i => i.Index + 1).DefaultIfEmpty(0).Max();
        _wantsObject = children.Any(c => c.Key.Pattern is LiteralKey or GlobKey);

        // Patterns see what literal keys wrote, and in the other modes may write over it. Define must not take a place an index
        // filled for one that was empty.
        _eitherIndexOrPattern = key.Mode == WriteMode.Define && WantsArray;
    }

    private bool WantsArray => _indexes.Length > 0;

    /// <summary>Applies the spec to a whole document, which may be changed.</summary>
    public void ApplyToRoot(DocValue document, JoltRun run)
    {
        if (document.IsNullOrMissing || !Accepts(document)) return;
        Descend(document, Key.Pattern.Canonical, run);
    }

    protected override void ApplyTo(in Slot slot, JoltRun run)
    {
        if (slot.Value.IsNullOrMissing)
        {
            if (!(WantsArray || _wantsObject) || !Key.Mode.MayWrite(slot)) return; // '*' alone does not tell what to make
            var made = WantsArray ? DocValue.Of(new DocArray()) : DocValue.Of(new DocObject());
            slot.Put(made);
            Descend(made, slot.Key, run);
        }
        else if (Accepts(slot.Value))
        {
            var own = Owned.Of(slot.Value, run);
            slot.Put(own);
            Descend(own, slot.Key, run);
        }
    }

    private bool Accepts(DocValue value) => WantsArray ? value.Kind == DocKind.Array : !_wantsObject ? value.IsContainer : value.Kind == DocKind.Object;

    private void Descend(DocValue container, string key, JoltRun run)
    {
        var array = container.AsArray;
        var originalLength = array?.Count ?? -1;
        if (array is not null) Arrays.Extend(array, _arrayLength, run);
        run.Walk.Push(container, key, Glob, originalLength);
        if (array is not null) ApplyToArray(array, originalLength, run);
        else ApplyToObject(container.AsObject!, run);
        run.Walk.Pop();
    }

    private void ApplyToObject(DocObject obj, JoltRun run)
    {
        foreach (var (name, node) in _names) node.Apply(Slot.Member(obj, name), run);
        if (_computed.Length == 0) return;
        for (var i = 0; i < obj.Count; i++) ApplyComputed(Slot.Member(obj, obj.Members[i].Key), run);
    }

    private void ApplyToArray(DocArray array, int originalLength, JoltRun run)
    {
        if (!_eitherIndexOrPattern || _computed.Length == 0)
        {
            foreach (var (index, node) in _indexes) node.Apply(Slot.Item(array, index, originalLength), run);
        }

        if (_computed.Length == 0) return;
        for (var i = 0; i < array.Count; i++)
        {
            var slot = Slot.Item(array, i, originalLength);
            if (_eitherIndexOrPattern && _byIndex.TryGetValue(i, out var node)) node.Apply(slot, run);
            else ApplyComputed(slot, run);
        }
    }

    private void ApplyComputed(in Slot slot, JoltRun run)
    {
        foreach (var node in _computed)
        {
            if (node.Apply(slot, run)) return;
        }
    }
}
