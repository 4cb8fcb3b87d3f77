namespace Harmony.Jolt.Paths;

/// <summary>One step of a path as a spec writes it.</summary>
internal abstract class PathPart
{
    /// <summary>Whether the step goes into an array.</summary>
    public virtual bool IsArray => false;

    /// <summary>The step when it is the same for every input, else null.</summary>
    public virtual PathKey? Constant => null;

    /// <summary>The references it makes to the walked path, to be checked when the spec is compiled.</summary>
    public virtual IEnumerable<Reference> References => [];

    /// <summary>The step without its references; false when one of them leads nowhere, and then the whole path does.</summary>
    public abstract bool TryResolve(Walk walk, out PathKey key);
}

/// <summary>A key that is always the same.</summary>
internal sealed class NamePart(string name) : PathPart
{
    private readonly PathKey _key = PathKey.Of(name);

    public string Name => name;

    public override PathKey? Constant => _key;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = _key;
        return true;
    }

    public override string ToString() => name.Replace(".", "\\.", StringComparison.Ordinal);
}

/// <summary><c>[2]</c>: an index of an array.</summary>
internal sealed class IndexPart(int index) : PathPart
{
    public int Index => index;

    public override bool IsArray => true;

    public override PathKey? Constant => PathKey.Of(index);

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = PathKey.Of(index);
        return true;
    }

    public override string ToString() => $"[{index}]";
}

/// <summary><c>[]</c>: one more value at the end of an array.</summary>
internal sealed class AppendPart : PathPart
{
    public override bool IsArray => true;

    public override PathKey? Constant => PathKey.Append;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        key = PathKey.Append;
        return true;
    }

    public override string ToString() => "[]";
}

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
