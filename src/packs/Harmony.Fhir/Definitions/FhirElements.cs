using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Fhir.Definitions;

/// <summary>Reads elements of resources as JSON, without a model of them.</summary>
internal static class FhirElements
{
    /// <summary>The text of a member; null if the member is no string.</summary>
    public static string? Text(JsonNode? node, string name)
        => node is JsonObject members && members.TryGetPropertyValue(name, out var value) ? Text(value) : null;

    /// <summary>A string; null for anything else.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The elements under a path; the items of lists count one by one.</summary>
    public static IEnumerable<JsonNode> At(JsonNode? node, ReadOnlyMemory<string> names)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                foreach (var found in At(item, names)) yield return found;
            }
        }
        else if (names.IsEmpty)
        {
            if (node is not null) yield return node;
        }
        else if (node is JsonObject members && members.TryGetPropertyValue(names.Span[0], out var next))
        {
            foreach (var found in At(next, names[1..])) yield return found;
        }
    }

    /// <summary>
    /// Whether a token of a search (https://hl7.org/fhir/R4/search.html#token) matches an element: <c>code</c>, <c>system|code</c>, <c>|code</c>,
    /// <c>system|</c>.
    /// </summary>
    public static bool IsToken(JsonNode element, string token)
    {
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var (system, code) = bar < 0 ? (null, token) : (token[..bar], token[(bar + 1)..]);
        if (element is not JsonObject members) return (system is null || system.Length == 0) && Primitive(element) == code;
        if (members["coding"] is { } codings) return (codings as JsonArray ?? [codings.DeepClone()]).Any(c => c is JsonObject && IsToken(c, token));
        var hasSystem = Text(members, "system") is { Length: > 0 } given ? system is null || system == given : string.IsNullOrEmpty(system);
        var value = Text(members, "code") ?? Text(members, "value");
        return hasSystem && (code.Length == 0 ? system is { Length: > 0 } : value == code);
    }

    private static string? Primitive(JsonNode element) => element.GetValueKind() switch
    {
        JsonValueKind.String => element.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
