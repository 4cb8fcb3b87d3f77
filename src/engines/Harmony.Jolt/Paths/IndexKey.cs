namespace Harmony.Jolt.Paths;

/// <summary><c>[2]</c>: an index of an array, which the modify operations may extend to hold it.</summary>
internal sealed class IndexKey(int index) : KeyPattern
{
    public int Index => index;

    public override string Canonical => $"[{index}]";
}
