using System.Collections.Concurrent;
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
