namespace Harmony.Jolt.Paths;

/// <summary><c>[&amp;1]</c>: the index of an array that a key of the walked path is.</summary>
internal sealed class ReferencedIndexPart(Reference reference) : PathPart
{
    public override bool IsArray => true;

    public override IEnumerable<Reference> References => [reference];

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = default;
        if (walk.KeyAt(reference) is not { } text || !IndexText.TryParse(text, out var index)) return false;
        key = PathKey.Of(index);
        return true;
    }

    public override string ToString() => $"[&{reference}]";
}
