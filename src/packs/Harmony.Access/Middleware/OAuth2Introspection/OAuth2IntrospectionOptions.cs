using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.OAuth2Introspection;

/// <summary>
/// The options of an <c>oauth2_introspection</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method oauth2_introspection
/// that it refers to.
/// </summary>
public sealed record OAuth2IntrospectionOptions : ConfigNode
{
    /// <summary>URL of the introspection endpoint (RFC 7662).</summary>
    [NotEmpty]
    [AlsoKnownAs("endpoint")]
    public string? IntrospectionEndpoint { get; init; }

    /// <summary>Client id of the gateway at the authorization server.</summary>
    [NotEmpty]
    public string? ClientId { get; init; }

    /// <summary>Client secret of the gateway at the authorization server.</summary>
    [Secret]
    public string? ClientSecret { get; init; }

    /// <summary>
    /// How the gateway sends its client id and secret: <c>basic</c> in the header <c>Authorization</c>, <c>post</c> in the form (RFC 6749 §2.3.1).
    /// </summary>
    [AllowedValues("basic", "post")]
    public string ClientAuth { get; init; } = "basic";

    /// <summary>Issuer that the introspection response must name.</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Audience that tokens must have.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Claims that the introspection response must contain.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>Seconds by which the clocks of issuer and gateway may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>
    /// Seconds for which an introspection response is remembered, at most until the token expires; 0 for never. A revoked token is accepted for that long.
    /// </summary>
    [AllowedRange(0, 3600)]
    public int CacheSecs { get; init; } = 60;

    /// <summary>Seconds for which the gateway remembers that a token is not active; 0 for never.</summary>
    [AllowedRange(0, 3600)]
    public int NegativeCacheSecs { get; init; } = 10;

    /// <summary>Most introspection responses that are remembered.</summary>
    [AllowedRange(1, 1000000)]
    public int CacheSize { get; init; } = 10_000;

    /// <summary>Time-out of an introspection request, in seconds.</summary>
    [AllowedRange(1, 60)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Longest token accepted, in bytes.</summary>
    [AllowedRange(16, 65536)]
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary>Realm in the <c>WWW-Authenticate</c> header; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Passes requests without a token on to the next middleware, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Sends the token to backends, too.</summary>
    public bool ForwardCredentials { get; init; } = true;
}
