namespace Harmony.Jolt.Paths;

/// <summary><c>[]</c>: one more value at the end of an array.</summary>
internal sealed class AppendPart : PathPart
{
    public override bool IsArray => true;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = PathKey.Append;
        return true;
    }

    public override string ToString() => "[]";
}
