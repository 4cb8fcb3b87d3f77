using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration.Reference;

/// <summary>The shape of a value, in TOML's terms.</summary>
/// <param name="Kind">What it is.</param>
public sealed record ValueShape(ValueKind Kind)
{
    /// <summary>The shape of an array's entries or a map's values; null for the other kinds.</summary>
    public ValueShape? Element { get; private init; }

    /// <summary>The shapes to choose from; empty but for <see cref="ValueKind.OneOf"/>.</summary>
    public IReadOnlyList<ValueShape> Alternatives { get; private init; } = [];

    /// <summary>The record that mirrors the table; null but for <see cref="ValueKind.Table"/>.</summary>
    public Type? Record { get; private init; }

    /// <summary>The keys of the table; null but for <see cref="ValueKind.Table"/>.</summary>
    public TableReference? Table => Record is null ? null : ConfigReference.Of(Record);

    /// <summary>The table inside, however deep in arrays and maps, or null when there is none.</summary>
    public TableReference? InnerTable => Table ?? Element?.InnerTable;

    /// <summary>In words: <c>string</c>, <c>array of strings</c>, <c>table of tables</c>.</summary>
    public string Words => Kind switch
    {
        ValueKind.Array => $"array of {Element!.Plural}",
        ValueKind.Map => $"table of {Element!.Plural}",
        ValueKind.OpenTable => "table",
        ValueKind.OneOf => string.Join(" or ", Alternatives.Select(a => a.Words)),
        ValueKind.Anything => "any value",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    private string Plural => Kind switch
    {
        ValueKind.Array or ValueKind.Map => Words.Replace(" of ", "s of ", StringComparison.Ordinal),
        ValueKind.Anything => "values",
        _ => Words + "s",
    };

    /// <summary>The shape of one of several types.</summary>
    public static ValueShape OneOf(IEnumerable<Type> types) => new(ValueKind.OneOf) { Alternatives = [.. types.Select(Of)] };

    /// <summary>The shape in which a property of that type is written.</summary>
    /// <exception cref="NotSupportedException">No key can have the type.</exception>
    public static ValueShape Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type.IsEnum) return new ValueShape(ValueKind.String);
        if (type == typeof(int) || type == typeof(long)) return new ValueShape(ValueKind.Integer);
        if (type == typeof(double)) return new ValueShape(ValueKind.Float);
        if (type == typeof(bool)) return new ValueShape(ValueKind.Boolean);
        if (type == typeof(OptionsTable)) return new ValueShape(ValueKind.OpenTable);
        if (type == typeof(TomlValue)) return new ValueShape(ValueKind.Anything);
        if (typeof(ConfigNode).IsAssignableFrom(type)) return new ValueShape(ValueKind.Table) { Record = type };
        if (ElementOf(type, typeof(IReadOnlyList<>), 0) is { } item) return new ValueShape(ValueKind.Array) { Element = Of(item) };
        if (ElementOf(type, typeof(IReadOnlyDictionary<,>), 1) is { } value) return new ValueShape(ValueKind.Map) { Element = Of(value) };
        throw new NotSupportedException($"no key can have the type {type}");
    }

    private static Type? ElementOf(Type type, Type generic, int argument)
        => type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GenericTypeArguments[argument] : null;
}

/// <summary>What a key of a configuration may hold.</summary>
public enum ValueKind
{
    /// <summary>A string.</summary>
    String,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A number with or without a fraction.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An array, all of whose entries have one shape.</summary>
    Array,

    /// <summary>A table whose keys are known.</summary>
    Table,

    /// <summary>A table whose keys are names the user chooses and whose values have one shape.</summary>
    Map,

    /// <summary>A table whose keys depend on something else, such as the options of a service.</summary>
    OpenTable,

    /// <summary>One of several shapes.</summary>
    OneOf,

    /// <summary>Any value.</summary>
    Anything,
}

/// <summary>The shapes a key may have that is bound as a raw value, for the reference and the JSON schema; binding does not look at it.</summary>
/// <param name="types">Types a key could have: <c>typeof(IReadOnlyList&lt;string&gt;)</c> for an array of strings.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WrittenAsAttribute(params Type[] types) : Attribute
{
    /// <summary>The types.</summary>
    public IReadOnlyList<Type> Types { get; } = types;
}
