namespace Harmony.Jolt.Paths;

/// <summary>A left-hand key of a spec: what it matches, or what it adds to a match.</summary>
internal abstract class KeyPattern
{
    /// <summary>One spelling for all that mean the same; no two keys of one object of a spec may share it.</summary>
    public abstract string Canonical { get; }

    /// <summary>How many <c>*</c> stand among other characters, which references may ask for.</summary>
    public virtual int Groups => 0;

    /// <summary>The references it makes to the walked path.</summary>
    public virtual IEnumerable<Reference> References => [];
}

/// <summary><c>*</c>: matches every key and every index.</summary>
internal sealed class AnyKey : ComputedKey
{
    public override string Canonical => "*";

    protected override int Precedence => 5;

    public override bool IsMatch(string key, Walk walk) => true;

    public override bool MayMatch(string key) => true;
}

/// <summary><c>rating-*-*</c>: matches keys by their literal parts.</summary>
internal sealed class GlobKey(string text, Glob glob) : ComputedKey
{
    private const int MostSpecificStars = 3;

    public override string Canonical => text;

    public override int Groups => glob.Stars;

    public override Glob Glob => glob;

    // More stars come first, as more literal text stands between them: three and more, then two, then one.
    protected override int Precedence => 5 - Math.Min(glob.Stars, MostSpecificStars);

    public override bool IsMatch(string key, Walk walk) => glob.IsMatch(key);

    public override bool MayMatch(string key) => glob.IsMatch(key);
}

/// <summary>A key with one or more <c>*</c>, each of which stands for at least one character, and for as few as possible.</summary>
/// <remarks>
/// Taking the first place where the next literal fits is right here, because a later <c>*</c> can always take what an earlier one
/// left. So no pattern backtracks.
/// </remarks>
internal sealed class Glob
{
    private readonly string[] _literals;

    /// <summary>A glob of the literals before, between and after its stars.</summary>
    public Glob(IEnumerable<string> literals) => _literals = [.. literals];

    /// <summary>How many <c>*</c> it has.</summary>
    public int Stars => _literals.Length - 1;

    public bool IsMatch(string key) => Locate(key, Stars, out _);

    /// <summary>What the <paramref name="star"/>th <c>*</c> (from 1) stands for in a key that matches; 0 is the whole key.</summary>
    public string Capture(string key, int star)
        => star == 0 ? key : Locate(key, star, out var found) ? key[found] : "";

    private bool Locate(string key, int star, out Range found)
    {
        found = default;
        var end = key.Length - _literals[^1].Length;
        var at = _literals[0].Length;
        if (end <= at || !key.StartsWith(_literals[0], StringComparison.Ordinal) || !key.EndsWith(_literals[^1], StringComparison.Ordinal)) return false;

        for (var i = 1; i < Stars; i++)
        {
            var next = Find(key, _literals[i], at + 1, end - 1);
            if (next < 0) return false;
            if (i == star) found = at..next;
            at = next + _literals[i].Length;
        }

        if (star == Stars) found = at..end;
        return at < end;
    }

    private static int Find(string key, string literal, int from, int to)
        => from > to ? -1 : key.IndexOf(literal, from, to - from, StringComparison.Ordinal);
}

/// <summary>Separates the keys that <c>|</c> joins.</summary>
internal static class KeyAlternatives
{
    /// <summary>The keys of <c>rating|Rating</c>. Empty ones at the end do not count, unless nothing else is there.</summary>
    public static IReadOnlyList<string> Split(string key)
    {
        var parts = Escapes.Split(key, '|');
        while (parts.Count > 1 && parts[^1].Length == 0) parts.RemoveAt(parts.Count - 1);
        return parts;
    }
}
