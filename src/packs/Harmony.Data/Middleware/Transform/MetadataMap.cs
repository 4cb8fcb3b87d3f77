using System.Text.Json;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Metadata that a spec made: strings by name. What is no string is left out, what is not named stays.</summary>
internal static class MetadataMap
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static IReadOnlyDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> pairs) => new Dictionary<string, string>(pairs, StringComparer.Ordinal);

    /// <summary>Sets the strings of an object; anything else changes nothing.</summary>
    public static void Merge(JsonElement from, IDictionary<string, string> to) => Merge(from, to, Nothing);

    /// <summary>Sets the strings of an object that are not what <paramref name="now"/> has.</summary>
    public static void Merge(JsonElement from, IDictionary<string, string> to, IReadOnlyDictionary<string, string> now)
    {
        if (from.ValueKind != JsonValueKind.Object) return;
        foreach (var member in from.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) continue;
            var value = member.Value.GetString()!;
            if (!now.TryGetValue(member.Name, out var before) || before != value) to[member.Name] = value;
        }
    }
}
