namespace Harmony.Jolt.Paths;

/// <summary><c>$(1,2)</c>: a key of the walked path as the value.</summary>
internal sealed class NameKey(Reference reference) : KeyPattern
{
    public Reference Reference => reference;

    public override string Canonical => $"${reference}";

    public override IEnumerable<Reference> References => [reference];
}
