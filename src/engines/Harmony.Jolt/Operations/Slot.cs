using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A place in a container: the member of an object, there or not, or an item of an array.</summary>
/// <param name="Container">The container, which may be changed.</param>
/// <param name="Key">The key of the member, or the index of the item as text.</param>
/// <param name="Index">The index of the item; -1 in an object.</param>
/// <param name="Value">What is there; missing when nothing is, or when the item was only added to extend the array.</param>
internal readonly record struct Slot(DocValue Container, string Key, int Index, DocValue Value)
{
    /// <summary>The member <paramref name="key"/> of <paramref name="obj"/>.</summary>
    public static Slot Member(DocObject obj, string key) => new(DocValue.Of(obj), key, -1, obj.Get(key));

    /// <summary>The item of <paramref name="array"/>, which had <paramref name="originalLength"/> values before it was extended.</summary>
    public static Slot Item(DocArray array, int index, int originalLength)
    {
        var value = index < array.Count ? array[index] : default;
        var added = value.Kind == DocKind.Null && index >= originalLength;
        return new Slot(DocValue.Of(array), IndexText.Of(index), index, added ? default : value);
    }

    /// <summary>Puts <paramref name="value"/> there.</summary>
    public void Put(DocValue value)
    {
        if (Container.AsObject is { } obj) obj.Set(Key, value);
        else if (Container.AsArray is { } array && Index < array.Count) array[Index] = value;
    }
}

/// <summary>Gives operations that change a document in its place containers they may change.</summary>
internal static class Owned
{
    /// <summary><paramref name="value"/>, or a copy of it when it is a container held by more than one place.</summary>
    public static DocValue Of(DocValue value, JoltRun run)
    {
        if (value.AsContainer is not { IsShared: true } shared) return value;
        run.Meter.Spend(shared.Count);
        return value.AsArray is { } array ? DocValue.Of(array.Copy()) : DocValue.Of(value.AsObject!.Copy());
    }

    /// <summary>The value of the member at <paramref name="index"/>, put back as a copy when it was shared.</summary>
    public static DocValue Member(DocObject parent, int index, JoltRun run)
    {
        var value = parent.Members[index].Value;
        if (value.AsContainer is not { IsShared: true }) return value;
        var own = Of(value, run);
        parent.SetAt(index, own);
        return own;
    }

    /// <summary>The item at <paramref name="index"/>, put back as a copy when it was shared.</summary>
    public static DocValue Item(DocArray parent, int index, JoltRun run)
    {
        if (parent[index].AsContainer is { IsShared: true }) parent[index] = Of(parent[index], run);
        return parent[index];
    }
}

/// <summary>Makes room in arrays, within the limits.</summary>
internal static class Arrays
{
    /// <summary>Adds <c>null</c>s until <paramref name="array"/> holds at least <paramref name="count"/> values.</summary>
    /// <exception cref="JoltException">That is more than an array may be extended to.</exception>
    public static void Extend(DocArray array, long count, JoltRun run)
    {
        if (count <= array.Count) return;
        if (count > run.Options.MaxArrayLength)
            throw new JoltException($"an array would be extended to {count} values; the limit is {run.Options.MaxArrayLength} (JoltOptions.MaxArrayLength)");
        run.Meter.Spend((int)count - array.Count);
        array.PadTo((int)count);
    }
}
