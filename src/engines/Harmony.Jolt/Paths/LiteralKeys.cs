namespace Harmony.Jolt.Paths;

/// <summary><c>@</c>: the value of the parent itself.</summary>
internal sealed class InputKey : KeyPattern
{
    public override string Canonical => "@";
}

/// <summary>Matches one key.</summary>
internal sealed class LiteralKey(string name) : KeyPattern
{
    public string Name => name;

    public override string Canonical => name.Replace(".", "\\.", StringComparison.Ordinal);
}

/// <summary><c>#text</c>: a string of the spec's own as the value.</summary>
internal sealed class ConstantKey(string text) : KeyPattern
{
    public string Text => text;

    public override string Canonical => $"#({text})";
}

/// <summary><c>[2]</c>: an index of an array, which the modify operations may extend to hold it.</summary>
internal sealed class IndexKey(int index) : KeyPattern
{
    public int Index => index;

    public override string Canonical => $"[{index}]";
}

/// <summary><c>$(1,2)</c>: a key of the walked path as the value.</summary>
internal sealed class NameKey(Reference reference) : KeyPattern
{
    public Reference Reference => reference;

    public override string Canonical => $"${reference}";

    public override IEnumerable<Reference> References => [reference];
}

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

/// <summary><c>&amp;(1,1)-count</c>: matches the key that the walked path spells.</summary>
internal sealed class AmpersandKey(AmpersandText text) : ComputedKey
{
    public override string Canonical => text.ToString();

    public override IEnumerable<Reference> References => text.References;

    protected override int Precedence => 1;

    public override bool IsMatch(string key, Walk walk) => string.Equals(text.Resolve(walk), key);

    public override bool MayMatch(string key) => true;
}

/// <summary><c>@(1,name)</c>: a value from elsewhere in the input, in place of the one that was matched.</summary>
internal sealed class LookupKey(Lookup lookup) : KeyPattern
{
    public Lookup Lookup => lookup;

    public override string Canonical => lookup.ToString();

    public override IEnumerable<Reference> References => lookup.References;
}
