using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>The document a shift builds.</summary>
internal sealed class ShiftOutput(JoltRun run, int longestPath)
{
    private readonly PathKey[] _keys = new PathKey[longestPath];
    private DocValue _root;

    public JoltRun Run => run;

    /// <summary>What was built; <c>null</c> when nothing was written.</summary>
    public DocValue Result => _root.IsMissing ? DocValue.Null : _root;

    /// <summary>
    /// Writes <paramref name="value"/> to the place <paramref name="target"/> resolves to, and makes the containers on the way. A place
    /// that has a value already becomes an array of both. Where the way leads through a value of the wrong kind, nothing is written.
    /// </summary>
    public void Write(PathTemplate target, DocValue value)
    {
        run.Meter.Spend();
        if (!target.TryResolve(run.Walk, _keys)) return;
        value.Share();
        var keys = _keys.AsSpan(0, target.Length);
        if (keys.IsEmpty)
        {
            _root = Join(_root, value);
            return;
        }

        _root = Enter(_root, keys[0]);
        WriteBelow(_root, keys, value);
    }

    private void WriteBelow(DocValue container, ReadOnlySpan<PathKey> keys, DocValue value)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (!Fits(container, keys[i])) return;
            var current = Get(container, keys[i]);
            var last = i == keys.Length - 1;
            var next = last ? Join(current, value) : Enter(current, keys[i + 1]);
            if (last || next.IsContainer) Set(container, keys[i], next);
            container = next;
        }
    }

    /// <summary>The container through which the way goes on with <paramref name="next"/>: made when nothing is there, copied when it is shared.</summary>
    private DocValue Enter(DocValue current, PathKey next)
    {
        if (current.IsNullOrMissing) return next.Name is null ? DocValue.Of(new DocArray()) : DocValue.Of(new DocObject());
        return Owned.Of(current, run);
    }

    private DocValue Join(DocValue current, DocValue value)
    {
        if (current.IsNullOrMissing) return value.IsMissing ? DocValue.Null : value;
        if (current.Kind != DocKind.Array) return DocValue.Of(new DocArray([current, value]));
        var array = Owned.Of(current, run);
        array.AsArray!.Add(value);
        return array;
    }

    private static bool Fits(DocValue container, PathKey key) => key.Name is null ? container.AsArray is not null : container.AsObject is not null;

    private static DocValue Get(DocValue container, PathKey key)
    {
        if (key.Name is not null) return container.AsObject!.Get(key.Name);
        var array = container.AsArray!;
        return (uint)key.Index < (uint)array.Count ? array[key.Index] : default;
    }

    private void Set(DocValue container, PathKey key, DocValue value)
    {
        if (key.Name is not null) container.AsObject!.Set(key.Name, value);
        else if (key.Index < 0) container.AsArray!.Add(value);
        else
        {
            Arrays.Extend(container.AsArray!, key.Index + 1L, run);
            container.AsArray![key.Index] = value;
        }
    }
}
