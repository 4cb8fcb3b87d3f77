using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>
/// References that a server resolves by a search, <c>Patient?identifier=…</c> (https://hl7.org/fhir/R4/http.html#trules): they tell whether there is such a
/// resource, so the token must let search for it, and the search is narrowed like any other.
/// </summary>
internal static class ConditionalReferences
{
    /// <summary>Narrows the conditional references of a body.</summary>
    /// <returns>Why the request is refused; null if it passes.</returns>
    public static FhirRefusal? Narrow(SmartToken token, SmartRequest ask) => Walk(token, ask, ask.Body);

    /// <summary>The patient that a narrowed reference resolves to, if it resolves; null for other references.</summary>
    public static string? PatientOf(string? reference)
    {
        if (reference?.StartsWith("Patient?", StringComparison.Ordinal) != true) return null;
        var ids = FhirQuery.Parse(reference["Patient?".Length..]).Pairs.Where(p => p.Name == "_id").ToList();
        return ids is [{ Value: var id }] && FhirResourceTypes.IsId(id) ? id : null;
    }

    private static FhirRefusal? Walk(SmartToken token, SmartRequest ask, JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                return items.Select(i => Walk(token, ask, i)).FirstOrDefault(r => r is not null);
            case JsonObject members:
                if (FhirElements.Text(members, "reference") is { } reference && reference.Contains('?', StringComparison.Ordinal)
                    && Narrow(token, ask, members, reference) is { } refusal) return refusal;
                return members.Select(m => Walk(token, ask, m.Value)).FirstOrDefault(r => r is not null);
            default:
                return null;
        }
    }

    private static FhirRefusal? Narrow(SmartToken token, SmartRequest ask, JsonObject members, string reference)
    {
        if (reference.StartsWith(ask.PublicBase + "/", StringComparison.Ordinal)) reference = reference[(ask.PublicBase.Length + 1)..];
        var parts = reference.Split('?', 2);
        if (!FhirResourceTypes.IsTypeName(parts[0])) return FhirRefusal.Invalid("a conditional reference begins with a resource type");
        var grants = token.For(parts[0], ScopeAccess.Search);
        if (grants.Length == 0) return FhirRefusal.Forbidden($"a conditional reference needs a scope to search for {parts[0]}");
        var query = FhirQuery.Parse(parts[1]);
        if (SearchRules.Narrow(token, parts[0], query, grants) is { } refusal) return refusal;
        if (grants is [{ IsUnrestricted: true }]) return null;
        if (!ask.BodyIsJson) return FhirRefusal.Forbidden("a conditional reference cannot be narrowed in XML; send JSON, or the id");
        members["reference"] = $"{parts[0]}?{query}";
        ask.BodyIsChanged = true;
        return null;
    }
}
