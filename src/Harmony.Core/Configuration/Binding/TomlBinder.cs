using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// Fills records that mirror tables. Strict: a wrong type, a value out of range or a missing key is an error, an unknown key an error
/// where it is close to a known one, else a warning. Everything found goes to one list, nothing stops at the first problem.
/// </summary>
public static class TomlBinder
{
    /// <summary>Binds a table to a new record.</summary>
    /// <param name="table">The table, with variables substituted.</param>
    /// <param name="what">What the table is, for messages: <c>middleware 'filter'</c>.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>The record; where <paramref name="problems"/> got errors it is not fit to run.</returns>
    public static T Bind<T>(TomlTable table, string what, ConfigProblems problems)
        where T : ConfigNode
        => (T)Bind(typeof(T), table, what, problems);

    /// <summary>Binds a table to a new record of a type known at run time.</summary>
    public static ConfigNode Bind(Type type, TomlTable table, string what, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(problems);
        var keys = BoundKey.Of(type);
        var node = (ConfigNode)Activator.CreateInstance(type)!;
        var locations = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        var mine = new ConfigProblems();
        var unknown = new List<TomlEntry>();
        List<TomlEntry>? remaining = null;

        foreach (var entry in table)
        {
            if (FindKey(keys, entry.Key) is { } key) BindKey(node, key, entry, what, locations, mine);
            else if (keys.Any(k => k.TakesRemaining)) (remaining ??= []).Add(entry);
            else
            {
                unknown.Add(entry);
                UnknownKey.Report(type, entry, what, mine);
            }
        }

        foreach (var key in keys)
        {
            if (key.TakesRemaining) key.Property.SetValue(node, new OptionsTable(new TomlTable(remaining ?? [], table.Location)));
            else if (key.IsRequired && !locations.ContainsKey(key.Name)) mine.Error(table.Location, $"{what} needs the key '{key.Name}'");
        }

        node.Location = table.Location;
        node.KeyLocations = locations;
        node.UnknownKeys = unknown;
        node.IsFaulty = mine.HasErrors;
        foreach (var problem in mine) problems.Add(problem);
        return node;
    }

    private static BoundKey? FindKey(IReadOnlyList<BoundKey> keys, string name)
    {
        foreach (var key in keys)
        {
            if (!key.TakesRemaining && (key.Name == name || key.OtherNames.Contains(name))) return key;
        }

        return null;
    }

    private static void BindKey(
        ConfigNode node, BoundKey key, TomlEntry entry, string what, Dictionary<string, SourceLocation> locations, ConfigProblems problems)
    {
        if (!locations.TryAdd(key.Name, entry.Value.Location))
        {
            problems.Error(entry.KeyLocation,
                $"'{entry.Key}' means the same as a key that {what} gives at line {locations[key.Name].Line} already; keep '{key.Name}' alone");
            return;
        }

        NoteItems(key.Name, entry.Value, locations);
        var converter = new TomlConverter(key, what, problems);
        if (converter.TryConvert(entry.Value, key.Property.PropertyType, out var value)) key.Property.SetValue(node, value);
    }

    private static void NoteItems(string key, TomlValue value, Dictionary<string, SourceLocation> locations)
    {
        if (value is not TomlArray array) return;
        for (var i = 0; i < array.Count; i++) locations[$"{key}[{i}]"] = array[i].Location;
    }
}
