using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Harmony.Core.Configuration.Reference;

/// <summary>
/// Describes the tables of a configuration from the records that mirror them, so that <c>harmony modules</c>, the documentation and the
/// JSON schema say what the binder does.
/// </summary>
public static class ConfigReference
{
    private static readonly ConcurrentDictionary<Type, TableReference> Cache = new();

    /// <summary>All that a configuration file may hold at its top level.</summary>
    public static TableReference File => Of(typeof(ConfigFileContent));

    /// <summary>The table that a record mirrors.</summary>
    public static TableReference Of(Type record) => Cache.GetOrAdd(record, Describe);

    private static TableReference Describe(Type record)
    {
        var keys = BoundKey.Of(record);
        var defaults = Activator.CreateInstance(record)!;
        return new TableReference(
            record,
            XmlDocs.SummaryOf(record),
            [.. keys.Where(k => !k.TakesRemaining).Select(k => Describe(k, defaults))],
            [.. record.GetCustomAttributes<FormerKeyAttribute>()],
            keys.Any(k => k.TakesRemaining));
    }

    private static KeyReference Describe(BoundKey key, object defaults)
    {
        var type = Nullable.GetUnderlyingType(key.Property.PropertyType) ?? key.Property.PropertyType;
        return new KeyReference
        {
            Name = key.Name,
            OtherNames = key.OtherNames,
            Shape = key.Property.GetCustomAttribute<WrittenAsAttribute>() is { } written ? ValueShape.OneOf(written.Types) : ValueShape.Of(type),
            Summary = XmlDocs.SummaryOf(key.Property),
            Default = key.IsRequired || key.IsSecret ? null : TomlText.Of(key.Property.GetValue(defaults)),
            IsRequired = key.IsRequired,
            IsSecret = key.IsSecret,
            MayNotBeEmpty = key.MayNotBeEmpty,
            Min = key.Range?.Min,
            Max = key.Range is null || double.IsPositiveInfinity(key.Range.Max) ? null : key.Range.Max,
            AllowedValues = type.IsEnum ? [.. Enum.GetNames(type).Select(SnakeCase.From)] : key.AllowedValues,
        };
    }
}

/// <summary>Everything a user may want to know about one table of a configuration.</summary>
/// <param name="Record">The record that mirrors it.</param>
/// <param name="Summary">What it is for; Markdown, one paragraph.</param>
/// <param name="Keys">Its keys, in the order in which they are documented.</param>
/// <param name="FormerKeys">Keys that older documents hold and that have no effect any more.</param>
/// <param name="TakesOtherKeys">Whether keys that are not listed mean something all the same.</param>
public sealed record TableReference(
    Type Record, string Summary, IReadOnlyList<KeyReference> Keys, IReadOnlyList<FormerKeyAttribute> FormerKeys, bool TakesOtherKeys);

/// <summary>Everything a user may want to know about one key of a configuration.</summary>
public sealed record KeyReference
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary>Spellings also accepted.</summary>
    public required IReadOnlyList<string> OtherNames { get; init; }

    /// <summary>What it holds.</summary>
    public required ValueShape Shape { get; init; }

    /// <summary>The purpose of the key; Markdown, one paragraph. Empty when it has no description.</summary>
    public required string Summary { get; init; }

    /// <summary>What holds when the key is absent, as TOML text; null where that is nothing that could be written.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the table is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether an empty string is wrong.</summary>
    public bool MayNotBeEmpty { get; init; }

    /// <summary>Smallest number, or fewest entries; null for no limit.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number, or most entries; null for no limit.</summary>
    public double? Max { get; init; }

    /// <summary>The strings allowed; null for any.</summary>
    public IReadOnlyList<string>? AllowedValues { get; init; }

    /// <summary>Its limits in words: <c>1 to 300</c>, <c>at least 1 entry</c>, <c>not empty</c>. Allowed values are not among them.</summary>
    public IEnumerable<string> Constraints
    {
        get
        {
            var isList = Shape.Kind is ValueKind.Array or ValueKind.Map;
            if (Range is { } range) yield return !isList ? range : range == "at least 1" ? "at least 1 entry" : $"{range} entries";
            if (MayNotBeEmpty) yield return "not empty";
        }
    }

    private string? Range => (Min, Max) switch
    {
        (null, null) => null,
        ({ } min, null) => $"at least {Text(min)}",
        (null, { } max) => $"at most {Text(max)}",
        ({ } min, { } max) => $"{Text(min)} to {Text(max)}",
    };

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
