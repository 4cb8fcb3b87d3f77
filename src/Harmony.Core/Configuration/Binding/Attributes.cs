namespace Harmony.Core.Configuration;

/// <summary>Other names under which a key is accepted: older spellings keep working.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AlsoKnownAsAttribute(params string[] names) : Attribute
{
    /// <summary>The other names.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>The key in the file, where it is not the property's name in snake case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyAttribute(string name) : Attribute
{
    /// <summary>The key.</summary>
    public string Name { get; } = name;
}

/// <summary>The smallest and largest value a number may have, or the smallest and largest length of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedRangeAttribute(double min, double max = double.PositiveInfinity) : Attribute
{
    /// <summary>Smallest.</summary>
    public double Min { get; } = min;

    /// <summary>Largest; infinite for none.</summary>
    public double Max { get; } = max;
}

/// <summary>The values a string, or each string of a list, may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedValuesAttribute(params string[] values) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The string may not be empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute : Attribute;

/// <summary>The value is a secret: never shown in logs, answers, errors or <c>harmony explain</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>A property that no key sets.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAKeyAttribute : Attribute;

/// <summary>A key that older documents hold and that has no effect any more.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class FormerKeyAttribute(string name, string advice) : Attribute
{
    /// <summary>The key.</summary>
    public string Name { get; } = name;

    /// <summary>What to do instead: <c>set [logging] log_level instead</c>.</summary>
    public string Advice { get; } = advice;
}

/// <summary>Keys that are not known are gathered in <see cref="OptionsTable.Table"/> instead of being warned about.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RemainingKeysAttribute : Attribute;
