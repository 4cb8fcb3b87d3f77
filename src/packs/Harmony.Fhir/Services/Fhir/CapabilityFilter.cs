using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// Reduces the CapabilityStatement of a server (https://hl7.org/fhir/R4/capabilitystatement.html) to what the endpoint lets pass, so that a client is promised
/// nothing that would be refused: interactions, types, parameters, operations, the base, and how to get a token.
/// </summary>
/// <param name="lists">The lists of the endpoint.</param>
/// <param name="smart">Where applications get tokens; null if the endpoint has no such options.</param>
/// <param name="hasCors">Whether browser applications may read responses.</param>
internal sealed class CapabilityFilter(FhirAllowLists lists, FhirSmartOptions? smart, bool hasCors)
{
    /// <summary>Whether the statement has to change.</summary>
    public bool IsNeeded => lists.AreGiven || smart is not null;

    /// <summary>Changes a statement.</summary>
    /// <param name="statement">The statement of the server.</param>
    /// <param name="publicBase">The base by which clients know the gateway.</param>
    public void Apply(JsonObject statement, string publicBase)
    {
        if (statement["implementation"] is not JsonObject implementation)
            statement["implementation"] = implementation = new JsonObject { ["description"] = "a FHIR server behind a gateway" };
        implementation["url"] = publicBase;
        foreach (var rest in (statement["rest"] as JsonArray ?? []).OfType<JsonObject>()) ApplyTo(rest);
    }

    private void ApplyTo(JsonObject rest)
    {
        Keep(rest, "interaction", i => lists.Interaction(FhirElements.Text(i, "code") is "transaction" ? "batch" : FhirElements.Text(i, "code") ?? ""));
        Keep(rest, "operation", o => lists.Interaction("operation") && lists.Operation(NameOf(o)));
        Keep(rest, "searchParam", p => lists.Parameter(FhirElements.Text(p, "name") ?? ""));
        Keep(rest, "resource", r => lists.Type(FhirElements.Text(r, "type") ?? ""));
        foreach (var resource in (rest["resource"] as JsonArray ?? []).OfType<JsonObject>()) ApplyToResource(resource);
        if (smart is null) return;
        rest["security"] = new JsonObject
        {
            ["extension"] = new JsonArray(
                new JsonObject { ["url"] = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris", ["extension"] = OAuthUris(smart) }),
            ["cors"] = hasCors,
            ["service"] = new JsonArray(new JsonObject
            {
                ["coding"] =
                    new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/restful-security-service", ["code"] = "SMART-on-FHIR" }),
                ["text"] = "OAuth2 using SMART-on-FHIR",
            }),
        };
    }

    private void ApplyToResource(JsonObject resource)
    {
        Keep(resource, "interaction", i => lists.Interaction(FhirElements.Text(i, "code") ?? ""));
        Keep(resource, "operation", o => lists.Interaction("operation") && lists.Operation(NameOf(o)));
        Keep(resource, "searchParam", p => lists.Parameter(FhirElements.Text(p, "name") ?? ""));
        Keep(resource, "searchInclude", i => lists.Parameter("_include") && lists.Include(FhirElements.Text(i) ?? ""));
        Keep(resource, "searchRevInclude", i => lists.Parameter("_revinclude") && lists.Include(FhirElements.Text(i) ?? ""));
        if (!lists.Interaction("create")) resource.Remove("conditionalCreate");
        if (!lists.Interaction("delete")) resource.Remove("conditionalDelete");
        if (!lists.Interaction("update"))
        {
            resource.Remove("conditionalUpdate");
            resource.Remove("updateCreate");
        }
    }

    private static JsonArray OAuthUris(FhirSmartOptions smart)
        => [.. new (string Name, string? Url)[] { ("authorize", smart.AuthorizationEndpoint), ("token", smart.TokenEndpoint),
            ("register", smart.RegistrationEndpoint), ("introspect", smart.IntrospectionEndpoint), ("revoke", smart.RevocationEndpoint) }
            .Where(u => u.Url is not null).Select(u => (JsonNode)new JsonObject { ["url"] = u.Name, ["valueUri"] = u.Url })];

    private static string NameOf(JsonNode operation) => "$" + (FhirElements.Text(operation, "name") ?? "").TrimStart('$');

    /// <summary>Filters a list. FHIR has no empty lists, so the member goes with its last item.</summary>
    private static void Keep(JsonObject owner, string member, Func<JsonNode, bool> isKept)
    {
        if (owner[member] is not JsonArray items) return;
        var kept = items.OfType<JsonNode>().Where(isKept).Select(i => i.DeepClone()).ToArray();
        if (kept.Length == 0) owner.Remove(member);
        else owner[member] = new JsonArray(kept);
    }
}
