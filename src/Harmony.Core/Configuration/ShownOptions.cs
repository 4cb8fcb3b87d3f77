using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// A table of options as it may be shown to anybody: keys marked <see cref="SecretAttribute"/>, values in tables of strings (they are
/// fields and parameters), those of conditions on fields with such names, and user information of URLs are masked, keys that the module does not know are left out.
/// </summary>
public static class ShownOptions
{
    /// <summary>The options that are given, under their documented names.</summary>
    /// <param name="table">The table as read.</param>
    /// <param name="record">The record that mirrors it.</param>
    public static JsonObject Of(TomlTable table, Type record)
    {
        ArgumentNullException.ThrowIfNull(table);
        var shown = new JsonObject();
        var isSensitive = IsSensitiveCondition(table);
        foreach (var entry in table)
        {
            var key = BoundKey.Of(record).FirstOrDefault(k => !k.TakesRemaining && (k.Name == entry.Key || k.OtherNames.Contains(entry.Key)));
            if (key is not null) shown[key.Name] = key.IsSecret || (isSensitive && key.Name == "value") ? SensitiveNames.Mask : Value(entry.Value, key.Property.PropertyType);
        }

        return shown;
    }

    /// <summary>The text without user information and query, if it is a URL.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return WithoutUser(text);
        start += "://".Length;
        var query = text.IndexOf('?', start);
        if (query >= 0) text = text[..(query + 1)] + SensitiveNames.Mask;
        var end = text.AsSpan(start).IndexOfAny("/?#");
        var at = text.LastIndexOf('@', end < 0 ? text.Length - 1 : start + end);
        return at < start ? text : text[..start] + SensitiveNames.Mask + text[at..];
    }

    /// <summary>A URL that lacks its scheme may hold a password all the same: <c>ann:hunter2@example.org/api</c>.</summary>
    private static string WithoutUser(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && text.AsSpan(0, at).Contains(':') ? SensitiveNames.Mask + text[at..] : text;
    }

    private static JsonNode? Value(TomlValue value, Type type) => value switch
    {
        TomlString text => Text(text.Value),
        TomlBoolean boolean => boolean.Value,
        TomlInteger integer => integer.Value,
        TomlFloat number => number.Value,
        TomlArray array => new JsonArray([.. array.Select(item => Value(item, ArgumentOf(type, 0)))]),
        TomlTable table when typeof(ConfigNode).IsAssignableFrom(type) => Of(table, type),
        TomlTable table => Map(table, ArgumentOf(type, 1)),
        _ => value.KindName,
    };

    /// <summary>A condition <c>{ name = "x-api-key", value = "…" }</c> holds what its name says.</summary>
    private static bool IsSensitiveCondition(TomlTable table)
        => table.TryGet("name", out var name) && name.Value is TomlString { Value: var text } && SensitiveNames.Shown(text, "") == SensitiveNames.Mask;

    private static JsonObject Map(TomlTable table, Type element)
    {
        var shown = new JsonObject();
        var isSensitive = IsSensitiveCondition(table);
        foreach (var entry in table)
        {
            var isHidden = element == typeof(string) || (isSensitive && entry.Key == "value") || SensitiveNames.Contains(entry.Key);
            shown[entry.Key] = isHidden ? SensitiveNames.Mask : Value(entry.Value, element);
        }

        return shown;
    }

    private static Type ArgumentOf(Type type, int index)
        => type.IsGenericType && type.GenericTypeArguments.Length > index ? type.GenericTypeArguments[index] : typeof(TomlValue);
}
