using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>A table of the configuration, bound to a record that mirrors it. Knows where it and each of its keys stand.</summary>
public abstract record ConfigNode
{
    /// <summary>Location of the table.</summary>
    [NotAKey]
    public SourceLocation Location { get; set; } = SourceLocation.None;

    /// <summary>
    /// Whether something in it was found wrong when it was bound. That has been said; nothing is built from it, so that one mistake does
    /// not draw further complaints.
    /// </summary>
    [NotAKey]
    public bool IsFaulty { get; set; }

    /// <summary>The keys that the record does not have, which have been reported: an option that stands one table too high may be among them.</summary>
    [NotAKey]
    public IReadOnlyList<TomlEntry> UnknownKeys { get; set; } = [];

    /// <summary>Where each key that was given has its value, by key; for the items of an array <c>key[0]</c>, <c>key[1]</c> too.</summary>
    [NotAKey]
    public IReadOnlyDictionary<string, SourceLocation> KeyLocations { get; set; } = new Dictionary<string, SourceLocation>();

    /// <summary>Location of the value of <paramref name="key"/>, or of the table if the key is absent.</summary>
    public SourceLocation LocationOf(string key) => KeyLocations.TryGetValue(key, out var found) ? found : Location;

    /// <summary>Location of the item of the array <paramref name="key"/>, or of the array.</summary>
    public SourceLocation LocationOf(string key, int item) => KeyLocations.TryGetValue($"{key}[{item}]", out var found) ? found : LocationOf(key);

    /// <summary>Whether the file gives this key.</summary>
    public bool Gives(string key) => KeyLocations.ContainsKey(key);

    /// <summary>What it is and where it stands: never the values, some of which are secrets.</summary>
    public sealed override string ToString() => $"{GetType().Name} {Location}";
}
