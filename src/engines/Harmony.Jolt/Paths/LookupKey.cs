namespace Harmony.Jolt.Paths;

/// <summary><c>@(1,name)</c>: a value from elsewhere in the input, in place of the one that was matched.</summary>
internal sealed class LookupKey(Lookup lookup) : KeyPattern
{
    public Lookup Lookup => lookup;

    public override string Canonical => lookup.ToString();

    public override IEnumerable<Reference> References => lookup.References;
}
