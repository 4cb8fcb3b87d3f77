using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary><c>remove</c>: walks the spec and removes what the document has of it.</summary>
internal sealed class Remove : IOperation
{
    private readonly RemoveNode _root;

    private Remove(RemoveNode root) => _root = root;

    /// <summary>Compiles the <c>spec</c> of a remove; null when errors were reported.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (spec.AsObject is { } obj) return new Remove(RemoveNode.CompileRoot(obj, scope));
        scope.Error("the spec of a remove is an object of keys to remove");
        return null;
    }

    public DocValue Apply(DocValue input, JoltRun run)
    {
        var document = Owned.Of(input, run);
        _root.ApplyChildren(document, run);
        return document;
    }
}

/// <summary>A key of a remove spec. Its keys know no escapes and no token but <c>*</c> and <c>|</c>.</summary>
internal sealed class RemoveNode
{
    private readonly string _name;
    private readonly int _index;
    private readonly ComputedKey? _pattern;
    private readonly RemoveNode[]? _children; // null: what the key matches goes

    private RemoveNode(string key, RemoveNode[]? children)
    {
        _name = key;
        _index = IndexText.TryParse(key, out var index) ? index : -1;
        _pattern = key == "*" ? new AnyKey() : key.Contains('*') ? new GlobKey(key, new Glob(key.Split('*'))) : null;
        _children = children;
    }

    /// <summary>Compiles the whole spec.</summary>
    public static RemoveNode CompileRoot(DocObject spec, SpecScope scope) => new("", CompileChildren(spec, scope));

    /// <summary>Removes what the children of this key match from <paramref name="container"/>, which may be changed.</summary>
    public void ApplyChildren(DocValue container, JoltRun run)
    {
        run.Meter.Spend();
        if (container.AsObject is { } obj) ApplyToObject(obj, run);
        else if (container.AsArray is { } array) ApplyToArray(array, run);
    }

    private static RemoveNode[] CompileChildren(DocObject spec, SpecScope scope)
    {
        var children = new List<RemoveNode>();
        foreach (var (key, value) in spec.Members)
        {
            var at = scope.At(key);
            if (value.AsObject is null && (value.Kind != DocKind.String || !string.IsNullOrWhiteSpace(value.GetText())))
                at.Error("expected an empty string for a key to remove, or an object to look below a key");
            foreach (var name in key.Split('|'))
            {
                scope.Keys.Add(name);
                children.Add(new RemoveNode(name, value.AsObject is { } obj ? CompileChildren(obj, at) : null));
            }
        }

        return [.. children];
    }

    // What goes is found first and goes last, so that no key sees the work of another.
    private void ApplyToObject(DocObject obj, JoltRun run)
    {
        var doomed = new HashSet<string>();
        foreach (var child in _children!)
        {
            if (child._pattern is null) child.Visit(obj, obj.IndexOf(child._name), doomed, run);
            else
            {
                run.Meter.Spend(obj.Count);
                for (var i = 0; i < obj.Count; i++)
                {
                    if (child._pattern.MayMatch(obj.Members[i].Key)) child.Visit(obj, i, doomed, run);
                }
            }
        }

        if (doomed.Count > 0) obj.RemoveAll(m => doomed.Contains(m.Key));
    }

    private void Visit(DocObject obj, int index, HashSet<string> doomed, JoltRun run)
    {
        if (index < 0) return;
        if (_children is null) doomed.Add(obj.Members[index].Key);
        else ApplyChildren(Owned.Member(obj, index, run), run);
    }

    private void ApplyToArray(DocArray array, JoltRun run)
    {
        var doomed = new HashSet<int>();
        foreach (var child in _children!)
        {
            if (child._pattern is AnyKey)
            {
                run.Meter.Spend(array.Count);
                for (var i = 0; i < array.Count; i++) child.Visit(array, i, doomed, run);
            }
            else if (child._pattern is null) child.Visit(array, child._index, doomed, run);
        }

        if (doomed.Count > 0) array.RemoveAll(doomed.Contains);
    }

    private void Visit(DocArray array, int index, HashSet<int> doomed, JoltRun run)
    {
        if ((uint)index >= (uint)array.Count) return;
        if (_children is null) doomed.Add(index);
        else ApplyChildren(Owned.Item(array, index, run), run);
    }
}
