using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Management.Views;

/// <summary>
/// The tables of a configuration with every secret masked. Keys are shown where a record says what they are; of options that no record
/// here describes, such as those of a plug-in's module, every text is masked.
/// </summary>
internal sealed class MaskedConfig(ConfigSet config, ModuleRegistry registry)
{
    /// <summary>All tables, under the names of their kinds.</summary>
    public JsonObject All()
    {
        var shown = new JsonObject();
        foreach (var key in BoundKey.Of(typeof(ConfigFileContent)))
        {
            if (Table(key) is { Count: > 0 } table) shown[key.Name] = table;
        }

        return shown;
    }

    /// <summary>The tables of one kind: <c>mesh</c>.</summary>
    public JsonObject Kind(string name) => Table(BoundKey.Of(typeof(ConfigFileContent)).Single(k => k.Name == name));

    private JsonObject Table(BoundKey kind)
    {
        var shown = new JsonObject();
        foreach (var file in config.Files)
        {
            if (!file.Table.TryGet(kind.Name, out var entry) || entry.Value is not TomlTable table) continue;
            if (kind.Property.PropertyType == typeof(OptionsTable)) return Hidden(table);
            if (typeof(ConfigNode).IsAssignableFrom(kind.Property.PropertyType)) return ShownOptions.Of(table, kind.Property.PropertyType);
            var section = kind.Property.PropertyType.GenericTypeArguments[1];
            // A name that several files give means the same in each; the first is shown.
            foreach (var named in table.Where(t => t.Value is TomlTable && !shown.ContainsKey(t.Key)))
                shown[named.Key] = Section((TomlTable)named.Value, section);
        }

        return shown;
    }

    private JsonObject Section(TomlTable table, Type section)
    {
        var shown = ShownOptions.Of(table, section);
        if (section == typeof(EndpointSection)) ShowOptions(shown, table, registry.Service(Text(table, "service"))?.Endpoint?.OptionsType);
        else if (section == typeof(BackendSection)) ShowOptions(shown, table, registry.Service(Text(table, "service"))?.Backend?.OptionsType);
        else if (section == typeof(MiddlewareSection)) Middleware(shown, table);
        return shown;
    }

    private void Middleware(JsonObject shown, TomlTable table)
    {
        var options = registry.MiddlewareType(Text(table, "type"))?.Factory.OptionsType;
        ShowOptions(shown, table, options);
        var own = BoundKey.Of(typeof(MiddlewareSection)).Where(k => !k.TakesRemaining).Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        var direct = new TomlTable(table.Where(e => !own.Contains(e.Key)), table.Location);
        foreach (var (key, value) in options is null ? Hidden(direct) : ShownOptions.Of(direct, options)) shown[key] = value?.DeepClone();
    }

    private static void ShowOptions(JsonObject shown, TomlTable table, Type? record)
    {
        if (!table.TryGet("options", out var entry) || entry.Value is not TomlTable options) return;
        shown["options"] = record is null ? Hidden(options) : ShownOptions.Of(options, record);
    }

    private static string Text(TomlTable table, string key) => table.TryGet(key, out var entry) && entry.Value is TomlString text ? text.Value : "";

    /// <summary>The table with every text masked.</summary>
    private static JsonObject Hidden(TomlTable table)
    {
        var shown = new JsonObject();
        foreach (var entry in table) shown[entry.Key] = Hidden(entry.Value);
        return shown;
    }

    private static JsonNode? Hidden(TomlValue value) => value switch
    {
        TomlTable table => Hidden(table),
        TomlArray array => new JsonArray([.. array.Select(Hidden)]),
        TomlBoolean boolean => boolean.Value,
        _ => SensitiveNames.Mask,
    };
}
