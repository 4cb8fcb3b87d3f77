namespace Harmony.Jolt.Paths;

/// <summary><c>*</c>: matches every key and every index.</summary>
internal sealed class AnyKey : ComputedKey
{
    public override string Canonical => "*";

    protected override int Precedence => 5;

    public override bool IsMatch(string key, Walk walk) => true;

    public override bool MayMatch(string key) => true;
}
