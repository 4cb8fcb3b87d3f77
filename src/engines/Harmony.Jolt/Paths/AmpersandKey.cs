namespace Harmony.Jolt.Paths;

/// <summary><c>&amp;(1,1)-count</c>: matches the key that the walked path spells.</summary>
internal sealed class AmpersandKey(AmpersandText text) : ComputedKey
{
    public override string Canonical => text.ToString();

    public override IEnumerable<Reference> References => text.References;

    protected override int Precedence => 1;

    public override bool IsMatch(string key, Walk walk) => string.Equals(text.Resolve(walk), key);

    public override bool MayMatch(string key) => true;
}
