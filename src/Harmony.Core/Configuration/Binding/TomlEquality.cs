using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

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
        _ => false,
    };
}
