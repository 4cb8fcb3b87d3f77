using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.JsonSchema.Values;

/// <summary>Whether two values are equal in the sense of JSON Schema §4.2.2: numbers by value, objects without regard to order.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonNode?>
{
    public static readonly JsonEquality Instance = new();

    public bool Equals(JsonNode? x, JsonNode? y)
    {
        var kind = KindOf(x);
        if (kind != KindOf(y)) return false;
        return kind switch
        {
            JsonValueKind.Object => AreEqual(x!.AsObject(), y!.AsObject()),
            JsonValueKind.Array => x!.AsArray().SequenceEqual(y!.AsArray(), this),
            JsonValueKind.String => x!.GetValue<string>() == y!.GetValue<string>(),
            JsonValueKind.Number => JsonNumber.Of(x!).Equals(JsonNumber.Of(y!)),
            _ => true,
        };
    }

    public int GetHashCode(JsonNode? obj)
    {
        var hash = new HashCode();
        var kind = KindOf(obj);
        hash.Add(kind);
        switch (kind)
        {
            case JsonValueKind.Object:
                var members = 0;
                foreach (var (name, value) in obj!.AsObject()) members ^= HashCode.Combine(name, GetHashCode(value));
                hash.Add(members);
                break;
            case JsonValueKind.Array:
                foreach (var item in obj!.AsArray()) hash.Add(GetHashCode(item));
                break;
            case JsonValueKind.String:
                hash.Add(obj!.GetValue<string>());
                break;
            case JsonValueKind.Number:
                hash.Add(JsonNumber.Of(obj!));
                break;
        }

        return hash.ToHashCode();
    }

    /// <summary>The kind of a node; that of no node is null.</summary>
    public static JsonValueKind KindOf(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    private bool AreEqual(JsonObject x, JsonObject y)
    {
        if (x.Count != y.Count) return false;
        foreach (var (name, value) in x)
        {
            if (!y.TryGetPropertyValue(name, out var other) || !Equals(value, other)) return false;
        }

        return true;
    }
}
