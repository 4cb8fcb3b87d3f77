using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// A table of options as it may be made public: keys marked <see cref="SecretAttribute"/>, values in tables of strings (they are
/// fields and parameters), those of conditions on fields with such names, and user information of URLs are masked, keys that the module does not know are
/// left out.
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
            if (key is not null)
                shown[key.Name] = key.IsSecret || (isSensitive && key.Name == "value") ? SensitiveNames.Mask : Value(entry.Value, key.Property.PropertyType);
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

/// <summary>Names of fields, parameters and keys whose values are secrets as a rule, so that they are not shown where a value is only context.</summary>
public static class SensitiveNames
{
    /// <summary>The text that replaces a hidden value.</summary>
    public const string Mask = "***";

    private static readonly string[] Parts =
    [
        "authorization", "cookie", "token", "secret", "password", "passwd", "passphrase", "credential",
        "api-key", "api_key", "apikey", "access_key", "private_key",
    ];

    /// <summary>Fields whose values are never secrets; all others may be, so a rule that asks for one is shown without it.</summary>
    private static readonly string[] Harmless =
    [
        "accept", "accept-charset", "accept-encoding", "accept-language", "content-encoding", "content-language", "content-type", "expect", "host", "origin",
        "user-agent", "x-forwarded-host", "x-forwarded-proto",
    ];

    /// <summary>Parts that make a key of the configuration one that may hold a secret, be it misspelt.</summary>
    private static readonly string[] Suspicious =
        ["pass", "pwd", "pw", "secret", "token", "key", "auth", "cred", "cookie", "psk", "sig", "hash", "headers", "query", "session"];

    /// <summary>Names to which a misspelt key is compared.</summary>
    private static readonly string[] Spelt =
        ["password", "secret", "token", "api_key", "credentials", "hs256_secret", "client_secret", "jwt_secret", "authorization"];

    /// <summary>Endings of keys that say where a secret lies, or how long it lasts, and hold none.</summary>
    private static readonly string[] NotTheSecret =
        ["_path", "_file", "_url", "_uri", "_secs", "_header", "_name", "_type", "_endpoint", "_dir", "_hours", "_size"];

    /// <summary>Whether a value of that name is better not shown.</summary>
    public static bool Contains(string name)
        => Parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>A value that a rule asks of a field or parameter, as it may be shown: <c>*</c> stands for any, and what may be a secret is masked.</summary>
    public static string Shown(string name, string value) => value == "*" || Harmless.Contains(name, StringComparer.OrdinalIgnoreCase) ? value : Mask;

    /// <summary>Whether a key of the configuration holds a secret: <c>password</c>, <c>client_secret</c>, a name below <c>keys</c>.</summary>
    public static bool IsSecretKey(string key)
        => (key is "keys" || Contains(key)) && !Array.Exists(NotTheSecret, ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what stands behind a key may be a secret, so that no message repeats it: more than hold one, because hiding costs little.</summary>
    public static bool MayHoldSecret(string key)
        => Array.Exists(Suspicious, part => key.Contains(part, StringComparison.OrdinalIgnoreCase)) || Contains(key)
            || NearestName.Find(key, Spelt) is not null;
}
