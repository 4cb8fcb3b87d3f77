using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.JsonSchema.Loading;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>A name as one part of a pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Follows a pointer.</summary>
    /// <returns>Whether there is something.</returns>
    public static bool TryFollow(JsonNode? root, string pointer, out JsonNode? found)
    {
        found = root;
        if (pointer.Length == 0) return true;
        foreach (var part in pointer[1..].Split('/'))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            switch (found)
            {
                case JsonObject members when members.TryGetPropertyValue(name, out found):
                    break;
                case JsonArray items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count:
                    found = items[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
