namespace Harmony.Jolt.Paths;

/// <summary>A key that is always the same.</summary>
internal sealed class NamePart(string name) : PathPart
{
    private readonly PathKey _key = PathKey.Of(name);

    public string Name => name;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = _key;
        return true;
    }

    public override string ToString() => name.Replace(".", "\\.", StringComparison.Ordinal);
}
