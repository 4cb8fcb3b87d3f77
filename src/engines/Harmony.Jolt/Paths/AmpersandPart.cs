namespace Harmony.Jolt.Paths;

/// <summary>A key made of keys of the walked path: <c>rating-&amp;(1,1)</c>.</summary>
internal sealed class AmpersandPart(AmpersandText text) : PathPart
{
    public override IEnumerable<Reference> References => text.References;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        var name = text.Resolve(walk);
        key = name is null ? default : PathKey.Of(name);
        return name is not null;
    }

    public override string ToString() => text.ToString();
}
