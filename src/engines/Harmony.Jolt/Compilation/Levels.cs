using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Compilation;

/// <summary>The levels a walk will have at a place of a spec, from which it can be told which references will lead nowhere.</summary>
internal sealed class Levels
{
    private readonly Levels? _parent;
    private readonly int _groups;
    private readonly int _count;

    private Levels(Levels? parent, int groups)
    {
        _parent = parent;
        _groups = groups;
        _count = (parent?._count ?? 0) + 1;
    }

    /// <summary>At the keys right below the root, which counts twice: as the document and as what the spec matches first.</summary>
    public static Levels Root { get; } = new(new Levels(null, 0), 0);

    /// <summary>Below <paramref name="key"/>.</summary>
    public Levels Below(KeyPattern key) => new(this, key is InputKey or LookupKey ? _groups : key.Groups);

    /// <summary>Reports every reference that leads nowhere: to a level that is not there through <paramref name="tooHigh"/>, to a star as a warning.</summary>
    public void Check(IEnumerable<Reference> references, Action<string> tooHigh, SpecScope scope)
    {
        foreach (var reference in references)
        {
            if (reference.Level >= _count) tooHigh($"a reference goes {reference.Level} levels up, where there are only {_count - 1}");
            else if (reference.Group > GroupsAt(reference.Level))
                scope.Warn($"reference {reference} asks for '*' number {reference.Group} of a key that has {GroupsAt(reference.Level)}; it finds nothing");
        }
    }

    private int GroupsAt(int level)
    {
        var at = this;
        for (; level > 0; level--) at = at._parent!;
        return at._groups;
    }
}
