namespace Harmony.Jolt.Paths;

/// <summary><c>[#2]</c>: as index, how many matches a level of the walked path has had so far.</summary>
internal sealed class MatchCountPart(int level) : PathPart
{
    public override bool IsArray => true;

    public override IEnumerable<Reference> References => [new(level, 0)];

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        var matches = walk.MatchesAt(level);
        key = PathKey.Of(matches ?? 0);
        return matches is not null;
    }

    public override string ToString() => $"[#{level}]";
}
