namespace Harmony.Jolt.Paths;

/// <summary><c>@(1,name)</c>: as key, a value of the input.</summary>
internal sealed class LookupPart(Lookup lookup) : PathPart
{
    public override IEnumerable<Reference> References => lookup.References;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        var name = lookup.FindText(walk);
        key = name is null ? default : PathKey.Of(name);
        return name is not null;
    }

    public override string ToString() => lookup.ToString();
}
