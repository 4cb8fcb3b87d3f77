using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// <c>[endpoints.NAME.options.smart]</c>: where applications get tokens. The endpoint serves <c>.well-known/smart-configuration</c> from it, without a token
/// (https://hl7.org/fhir/smart-app-launch/conformance.html).
/// </summary>
public sealed record FhirSmartOptions : ConfigNode
{
    /// <summary>URL where a user authorizes an application; absent if only systems get tokens.</summary>
    [NotEmpty]
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>URL that issues tokens.</summary>
    [NotEmpty]
    public required string TokenEndpoint { get; init; }

    /// <summary>Issuer of identity tokens (OpenID Connect).</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>URL of the issuer's keys.</summary>
    [NotEmpty]
    public string? JwksUri { get; init; }

    /// <summary>URL where applications register.</summary>
    [NotEmpty]
    public string? RegistrationEndpoint { get; init; }

    /// <summary>URL that introspects tokens (RFC 7662).</summary>
    [NotEmpty]
    public string? IntrospectionEndpoint { get; init; }

    /// <summary>URL that revokes tokens (RFC 7009).</summary>
    [NotEmpty]
    public string? RevocationEndpoint { get; init; }

    /// <summary>URL where users see and withdraw the access of applications.</summary>
    [NotEmpty]
    public string? ManagementEndpoint { get; init; }

    /// <summary>Scopes that applications may ask for.</summary>
    public IReadOnlyList<string> ScopesSupported { get; init; } = [];

    /// <summary>Capabilities of the authorization server, in the words of SMART.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } =
        ["launch-standalone", "client-public", "client-confidential-symmetric", "context-standalone-patient", "permission-patient", "permission-user",
            "permission-v1", "permission-v2"];

    /// <summary>Grant types that the authorization server takes.</summary>
    public IReadOnlyList<string> GrantTypesSupported { get; init; } = ["authorization_code", "client_credentials"];

    /// <summary>Methods by which clients authenticate at the token URL.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; } = ["client_secret_basic", "private_key_jwt"];

    /// <summary>The document.</summary>
    internal JsonObject Document()
    {
        var document = new JsonObject();
        foreach (var (name, url) in new (string, string?)[]
        {
            ("issuer", Issuer), ("jwks_uri", JwksUri), ("authorization_endpoint", AuthorizationEndpoint), ("token_endpoint", TokenEndpoint),
            ("registration_endpoint", RegistrationEndpoint),
            ("introspection_endpoint", IntrospectionEndpoint), ("revocation_endpoint", RevocationEndpoint), ("management_endpoint", ManagementEndpoint),
        })
        {
            if (url is not null) document[name] = url;
        }

        document["grant_types_supported"] = List(GrantTypesSupported);
        document["token_endpoint_auth_methods_supported"] = List(TokenEndpointAuthMethodsSupported);
        if (ScopesSupported.Count > 0) document["scopes_supported"] = List(ScopesSupported);
        document["response_types_supported"] = List(["code"]);
        document["code_challenge_methods_supported"] = List(["S256"]);
        document["capabilities"] = List(Capabilities);
        return document;
    }

    private static JsonArray List(IReadOnlyList<string> values) => [.. values.Select(v => (JsonNode)v)];
}
