using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>The document a shift builds.</summary>
internal sealed class ShiftOutput(JoltRun run, int longestPath)
{
    // Most values go to the same container as the one before, or near it: the way there is remembered. Nothing else changes the document meanwhile.
    private readonly Step[] _way = new Step[longestPath];
    private readonly PathKey[] _keys = new PathKey[longestPath];
    private int _wayLength;
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
            _wayLength = 0;
            _root = Join(_root, value);
            return;
        }

        if (_wayLength == 0) _root = Enter(_root, keys[0]);
        var known = CountKnown(keys);
        WriteBelow(known == 0 ? _root : _way[known].Container, keys, known, value);
    }

    /// <summary>How many steps of <paramref name="keys"/>, without the last, the value before went too.</summary>
    private int CountKnown(ReadOnlySpan<PathKey> keys)
    {
        var most = Math.Min(keys.Length, _wayLength) - 1;
        for (var i = 0; i < most; i++)
        {
            if (!keys[i].LeadsWhere(_way[i].Key)) return i;
        }

        return Math.Max(most, 0);
    }

    private void WriteBelow(DocValue container, ReadOnlySpan<PathKey> keys, int known, DocValue value)
    {
        _wayLength = known;
        for (var i = known; i < keys.Length; i++)
        {
            var key = keys[i];
            _way[_wayLength++] = new Step(container, key);
            if (container.AsObject is { } obj)
            {
                if (key.Name is null) return;
                var at = obj.IndexOf(key.Name);
                var next = Next(at < 0 ? default : obj.Members[at].Value, keys, i, value);
                if (at >= 0) obj.SetAt(at, next);
                else obj.Append(key.Name, next);
                container = next;
            }
            else
            {
                if (key.Name is not null || container.AsArray is not { } array) return;
                var next = Next((uint)key.Index < (uint)array.Count ? array[key.Index] : default, keys, i, value);
                Put(array, key.Index, next);
                container = next;
            }
        }
    }

    /// <summary>What stands where step <paramref name="i"/> leads, once <paramref name="value"/> is written.</summary>
    private DocValue Next(DocValue current, ReadOnlySpan<PathKey> keys, int i, DocValue value)
        => i == keys.Length - 1 ? Join(current, value) : Enter(current, keys[i + 1]);

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

    private void Put(DocArray array, int index, DocValue value)
    {
        if (index < 0)
        {
            array.Add(value);
            return;
        }

        Arrays.Extend(array, index + 1L, run);
        array[index] = value;
    }

    /// <summary>A container on the way, and where the way goes on in it.</summary>
    private readonly record struct Step(DocValue Container, PathKey Key);
}
