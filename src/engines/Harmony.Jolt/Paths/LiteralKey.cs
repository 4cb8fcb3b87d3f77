namespace Harmony.Jolt.Paths;

/// <summary>Matches one key.</summary>
internal sealed class LiteralKey(string name) : KeyPattern
{
    public string Name => name;

    public override string Canonical => name.Replace(".", "\\.", StringComparison.Ordinal);
}
