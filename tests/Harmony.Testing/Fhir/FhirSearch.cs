using System.Text.Json.Nodes;

namespace Harmony.Testing.Fhir;

/// <summary>Searches as far as tests need them: tokens, references, names, chains of one step, <c>_has</c>, includes of both kinds.</summary>
internal sealed class FhirSearch(FhirStore store)
{
    private static readonly Dictionary<string, string[]> Paths = new(StringComparer.Ordinal)
    {
        ["patient"] = ["subject", "patient", "beneficiary", "participant.actor"],
        ["subject"] = ["subject"],
        ["performer"] = ["performer"],
        ["general-practitioner"] = ["generalPractitioner"],
        ["has-member"] = ["hasMember"],
        ["actor"] = ["participant.actor"],
        ["category"] = ["category"],
        ["code"] = ["code"],
        ["status"] = ["status"],
        ["identifier"] = ["identifier"],
        ["name"] = ["name.family", "name.given", "name"],
        ["family"] = ["name.family"],
        ["gender"] = ["gender"],
        ["_id"] = ["id"],
    };

    /// <summary>The matches, and what they bring along.</summary>
    public (List<JsonObject> Matches, List<JsonObject> Included) Find(string type, IReadOnlyDictionary<string, IReadOnlyList<string>> query)
    {
        var matches = store.All(type).Where(r => Matches(r, query)).ToList();
        var included = new List<JsonObject>();
        foreach (var (name, values) in query)
        {
            foreach (var value in values)
            {
                var parts = value == "*" ? ["Observation", name[1] == 'i' ? "has-member" : "performer"] : value.Split(':');
                if (name.StartsWith("_include", StringComparison.Ordinal))
                {
                    foreach (var reference in matches.SelectMany(m => References(m, parts[1])))
                    {
                        if (reference.Split('/') is [var target, var id] && store.Get(target, id) is { } resource) included.Add(resource);
                    }
                }
                else if (name.StartsWith("_revinclude", StringComparison.Ordinal))
                {
                    included.AddRange(
                        store.All(parts[0]).Where(r => References(r, parts[1]).Any(x => matches.Exists(m => $"{m["resourceType"]}/{m["id"]}" == x))));
                }
            }
        }

        return (matches, [.. included.DistinctBy(r => $"{r["resourceType"]}/{r["id"]}")]);
    }

    private bool Matches(JsonObject resource, IReadOnlyDictionary<string, IReadOnlyList<string>> query)
        => query.All(p => p.Value.All(v => Matches(resource, p.Key, v)));

    private bool Matches(JsonObject resource, string name, string value)
    {
        if (name.StartsWith("_has:", StringComparison.Ordinal) && name.Split(':', 4) is [_, var type, var reference, var inner])
            return store.All(type).Any(r => References(r, reference).Contains($"{resource["resourceType"]}/{resource["id"]}", StringComparer.Ordinal)
                && Matches(r, inner, value));
        if (name.Contains('.', StringComparison.Ordinal) && name.Split('.', 2) is [var first, var rest])
            return References(resource, first.Split(':')[0])
                .Any(r => r.Split('/') is [var t, var id] && store.Get(t, id) is { } target && Matches(target, rest, value));
        if (!Paths.TryGetValue(name.Split(':')[0], out var paths)) return true;
        var alternatives = value.Split(',');
        return paths.SelectMany(p => At(resource, p.Split('.'))).Any(e => alternatives.Any(a => Equal(e, a)));
    }

    private static bool Equal(JsonNode element, string value)
    {
        if (element is JsonValue text) return text.ToString() == value || text.ToString().StartsWith(value, StringComparison.OrdinalIgnoreCase);
        if (element["reference"] is { } reference) return reference.ToString() == value || reference.ToString() == "Patient/" + value;
        if (element["coding"] is JsonArray codings) return codings.Any(c => Equal(c!, value));
        var (system, code) = value.Split('|') is [var s, var c] ? (s, c) : (null, value);
        return (system is null || element["system"]?.ToString() == system) && (element["code"] ?? element["value"])?.ToString() == code;
    }

    private static IEnumerable<string> References(JsonObject resource, string parameter)
        => Paths.TryGetValue(parameter, out var paths)
            ? paths.SelectMany(p => At(resource, p.Split('.'))).Select(e => e is JsonObject ? e["reference"]?.ToString() : null).OfType<string>()
            : [];

    private static IEnumerable<JsonNode> At(JsonNode? node, string[] names)
    {
        if (node is JsonArray items) return items.SelectMany(i => At(i, names));
        if (names.Length == 0) return node is null ? [] : [node];
        return node is JsonObject members ? At(members[names[0]], names[1..]) : [];
    }
}
