using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Harmony.Core.Configuration;

/// <summary>One key of a bound table: the property it sets and the rules it obeys. Found once per record type.</summary>
public sealed class BoundKey
{
    private BoundKey(PropertyInfo property)
    {
        Property = property;
        Name = property.GetCustomAttribute<KeyAttribute>()?.Name ?? SnakeCase.From(property.Name);
        OtherNames = property.GetCustomAttribute<AlsoKnownAsAttribute>()?.Names ?? [];
        Range = property.GetCustomAttribute<AllowedRangeAttribute>();
        AllowedValues = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values;
        IsRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
        MayNotBeEmpty = property.GetCustomAttribute<NotEmptyAttribute>() is not null;
        IsSecret = property.GetCustomAttribute<SecretAttribute>() is not null;
        TakesRemaining = property.GetCustomAttribute<RemainingKeysAttribute>() is not null;
    }

    /// <summary>The key as documented.</summary>
    public string Name { get; }

    /// <summary>Spellings also accepted.</summary>
    public IReadOnlyList<string> OtherNames { get; }

    /// <summary>The property.</summary>
    public PropertyInfo Property { get; }

    /// <summary>Limits of a number or of a list's length.</summary>
    public AllowedRangeAttribute? Range { get; }

    /// <summary>The strings allowed, or null for any.</summary>
    public IReadOnlyList<string>? AllowedValues { get; }

    /// <summary>Whether the table is wrong without it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether an empty string is wrong.</summary>
    public bool MayNotBeEmpty { get; }

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; }

    /// <summary>Whether the property gathers the keys that no other property has.</summary>
    public bool TakesRemaining { get; }

    /// <summary>The keys of a record type, in the order of its properties.</summary>
    public static IReadOnlyList<BoundKey> Of(Type record) => Cache.GetValue(record, Find);

    // Weak, so that the records of a plug-in do not keep it from being unloaded.
    private static readonly ConditionalWeakTable<Type, IReadOnlyList<BoundKey>> Cache = [];

    private static BoundKey[] Find(Type record) =>
        [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetCustomAttribute<NotAKeyAttribute>() is null)
            .Select(p => new BoundKey(p))];
}

/// <summary>Names of code in the spelling of configuration files.</summary>
public static class SnakeCase
{
    /// <summary><c>PathPrefix</c> → <c>path_prefix</c>.</summary>
    public static string From(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1])) result.Append('_');
            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
