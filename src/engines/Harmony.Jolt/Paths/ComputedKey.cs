namespace Harmony.Jolt.Paths;

/// <summary>A pattern that has to look at each key of the input to know whether it matches.</summary>
internal abstract class ComputedKey : KeyPattern
{
    /// <summary>The order in which patterns are tried: by kind, then the longest first, then by the alphabet.</summary>
    public static Comparer<ComputedKey> MostSpecificFirst { get; } = Comparer<ComputedKey>.Create(Compare);

    /// <summary>What the input key is matched with when it has stars among other characters.</summary>
    public virtual Glob? Glob => null;

    /// <summary>Which kind is tried first; the lower, the more specific.</summary>
    protected abstract int Precedence { get; }

    /// <summary>Whether <paramref name="key"/> matches, where the walk stands at its parent.</summary>
    public abstract bool IsMatch(string key, Walk walk);

    /// <summary>Whether <paramref name="key"/> could match somewhere.</summary>
    public abstract bool MayMatch(string key);

    private static int Compare(ComputedKey a, ComputedKey b)
    {
        if (a.Precedence != b.Precedence) return a.Precedence.CompareTo(b.Precedence);
        var byLength = b.Canonical.Length.CompareTo(a.Canonical.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(a.Canonical, b.Canonical);
    }
}
