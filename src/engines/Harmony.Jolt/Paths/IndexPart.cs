namespace Harmony.Jolt.Paths;

/// <summary><c>[2]</c>: an index of an array.</summary>
internal sealed class IndexPart(int index) : PathPart
{
    public int Index => index;

    public override bool IsArray => true;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = PathKey.Of(index);
        return true;
    }

    public override string ToString() => $"[{index}]";
}
