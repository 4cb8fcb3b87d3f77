using Harmony.Core.Configuration;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>The options of a <c>smart_scopes</c> middleware. A <c>jwt_auth</c> or <c>oauth2_introspection</c> before it verifies the token.</summary>
public sealed record SmartScopesOptions : ConfigNode
{
    /// <summary>Claims that may hold the scopes, separated by blanks or as a list; the first claim that the token has counts.</summary>
    public IReadOnlyList<string> ScopeClaims { get; init; } = ["scope", "scp"];

    /// <summary>Types outside of the patient compartment that scopes of level <c>patient</c> permit to read and search, and never to write.</summary>
    public IReadOnlyList<string> SharedTypes { get; init; } =
        ["Endpoint", "HealthcareService", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole"];

    /// <summary>
    /// Operations that every token with a scope of FHIR may call, without the dollar sign, such as <c>validate</c> or <c>expand</c>. Their responses pass
    /// unchecked.
    /// </summary>
    public IReadOnlyList<string> OpenOperations { get; init; } = [];

    /// <summary>
    /// Parameters by which the server names a page of an earlier search at its base. Such a page is checked like the response to any search.
    /// </summary>
    public IReadOnlyList<string> PagingParameters { get; init; } = ["_getpages", "_getpagesoffset", "_bundletype", "_pageId", "page", "ct"];

    /// <summary>
    /// Base URL by which clients know the gateway; made of scheme, host and prefix of each request when absent. References that begin with this URL are
    /// references to this server.
    /// </summary>
    public string? PublicBase { get; init; }

    /// <summary>Version of FHIR where the endpoint is not of service <c>fhir</c>: 4.0 (R4), 4.3 (R4B) or 5.0 (R5). Compartments are those of R4.</summary>
    [AllowedValues("4.0", "4.3", "5.0")]
    public string FhirVersion { get; init; } = "4.0";

    /// <summary>Lets some users read beyond their scopes in an emergency, with a reason and an audit record; no user when absent.</summary>
    public BreakGlassOptions? BreakGlass { get; init; }
}

/// <summary>
/// <c>[middleware.NAME.options.break_glass]</c>: a request with the header <c>X-Break-Glass</c>, whose value is the reason, may read and search beyond the
/// scopes of the token. Before that, an AuditEvent is created at the server; if the server does not store the AuditEvent, the request is refused.
/// </summary>
public sealed record BreakGlassOptions : ConfigNode
{
    /// <summary>Claim that permits such access, e.g. <c>roles</c>: a string, or a list.</summary>
    [NotEmpty]
    public required string Claim { get; init; }

    /// <summary>Values of the claim; a user needs one of them.</summary>
    [NotEmpty]
    public required IReadOnlyList<string> Values { get; init; }
}
