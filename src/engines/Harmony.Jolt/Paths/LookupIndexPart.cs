namespace Harmony.Jolt.Paths;

/// <summary><c>[@(1,position)]</c>: as index of an array, a value of the input.</summary>
internal sealed class LookupIndexPart(Lookup lookup) : PathPart
{
    public override bool IsArray => true;

    public override IEnumerable<Reference> References => lookup.References;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = default;
        if (lookup.FindText(walk) is not { } text || !IndexText.TryParse(text, out var index)) return false;
        key = PathKey.Of(index);
        return true;
    }

    public override string ToString() => $"[{lookup}]";
}
