namespace Harmony.Core.Configuration.Reference;

/// <summary>The shapes a key may have that is bound as a raw value, for the reference and the JSON schema; binding does not look at it.</summary>
/// <param name="types">Types a key could have: <c>typeof(IReadOnlyList&lt;string&gt;)</c> for an array of strings.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WrittenAsAttribute(params Type[] types) : Attribute
{
    /// <summary>The types.</summary>
    public IReadOnlyList<Type> Types { get; } = types;
}
