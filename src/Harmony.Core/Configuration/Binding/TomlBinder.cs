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
            else if (key.IsRequired && !locations.ContainsKey(key.Name) && !IsMisspelt(key, unknown))
                mine.Error(table.Location, $"{what} needs the key '{key.Name}'");
        }

        node.Location = table.Location;
        node.KeyLocations = locations;
        node.UnknownKeys = unknown;
        node.IsFaulty = mine.HasErrors;
        foreach (var problem in mine) problems.Add(problem);
        return node;
    }

    /// <summary>Whether an unknown key that has been reported is probably this one: that it is missing would be said twice.</summary>
    private static bool IsMisspelt(BoundKey key, List<TomlEntry> unknown) => unknown.Exists(u => NearestName.Find(u.Key, [key.Name]) is not null);

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

/// <summary>A table that is bound later, by the module it is for.</summary>
/// <param name="Table">The table as read.</param>
public sealed record OptionsTable(TomlTable Table)
{
    /// <summary>A table without keys.</summary>
    public static OptionsTable Empty(SourceLocation location) => new(new TomlTable([], location));
}

/// <summary>Lets one table stand under another: a middleware's options over those of the <c>[authentications.NAME]</c> it refers to.</summary>
public static class InheritedOptions
{
    /// <summary>
    /// Gives every key of <paramref name="own"/> that its table leaves open the value that <paramref name="inherited"/> gives to a key of
    /// the same name and type. Places come along, so that a complaint points to the file that has the value.
    /// </summary>
    public static T Over<T>(this T own, ConfigNode? inherited)
        where T : ConfigNode
    {
        ArgumentNullException.ThrowIfNull(own);
        if (inherited is null) return own;
        var locations = new Dictionary<string, SourceLocation>(own.KeyLocations, StringComparer.Ordinal);
        foreach (var key in BoundKey.Of(own.GetType()).Where(k => !own.Gives(k.Name) && inherited.Gives(k.Name)))
        {
            var theirs = BoundKey.Of(inherited.GetType()).FirstOrDefault(k => k.Name == key.Name && k.Property.PropertyType == key.Property.PropertyType);
            if (theirs is null) continue;
            key.Property.SetValue(own, theirs.Property.GetValue(inherited));
            foreach (var (name, location) in inherited.KeyLocations.Where(l => l.Key == key.Name || l.Key.StartsWith(key.Name + "[", StringComparison.Ordinal)))
            {
                locations[name] = location;
            }
        }

        own.KeyLocations = locations;
        return own;
    }
}

/// <summary>Compares values without regard to where they stand.</summary>
public static class TomlEquality
{
    /// <summary>Whether both say the same; of tables the order does not matter.</summary>
    public static bool AreEqual(TomlValue left, TomlValue right) => (left, right) switch
    {
        (TomlTable a, TomlTable b) => a.Count == b.Count && a.All(e => b.TryGet(e.Key, out var other) && AreEqual(e.Value, other.Value)),
        (TomlArray a, TomlArray b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (TomlString a, TomlString b) => a.Value == b.Value,
        (TomlInteger a, TomlInteger b) => a.Value == b.Value,
        (TomlFloat a, TomlFloat b) => a.Value.Equals(b.Value),
        (TomlBoolean a, TomlBoolean b) => a.Value == b.Value,
        (TomlOffsetDateTime a, TomlOffsetDateTime b) => a.Value == b.Value,
        (TomlLocalDateTime a, TomlLocalDateTime b) => a.Value == b.Value,
        (TomlLocalDate a, TomlLocalDate b) => a.Value == b.Value,
        (TomlLocalTime a, TomlLocalTime b) => a.Value == b.Value,
        (TomlVariable a, TomlVariable b) => a.Text == b.Text,
        _ => false,
    };
}
