using Harmony.Jolt.Documents;
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
