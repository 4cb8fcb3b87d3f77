using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>
/// The options of a <c>jwt_auth</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method jwt that it refers to. Keys come
/// from one of <c>public_key_path</c>, <c>jwks_uri</c>, <c>hs256_secret</c>, or are discovered at the issuers.
/// </summary>
public sealed record JwtAuthOptions : ConfigNode
{
    /// <summary>PEM file with the public key or certificate that verifies tokens.</summary>
    [NotEmpty]
    public string? PublicKeyPath { get; init; }

    /// <summary>URL of the issuer's key set (RFC 7517).</summary>
    [NotEmpty]
    public string? JwksUri { get; init; }

    /// <summary>Seconds after which the key set is fetched again; <c>jwks_cache_duration_hours</c> of <c>[proxy]</c> when absent.</summary>
    [AllowedRange(10, 604800)]
    public int? JwksRefreshSecs { get; init; }

    /// <summary>Seconds that lie at least between two fetches, however many tokens with unknown keys arrive.</summary>
    [AllowedRange(1, 3600)]
    public int JwksMinIntervalSecs { get; init; } = 10;

    /// <summary>Whether a shared secret verifies tokens instead of a public key.</summary>
    public bool UseHs256 { get; init; }

    /// <summary>That secret, of at least 32 bytes.</summary>
    [Secret]
    public string? Hs256Secret { get; init; }

    /// <summary>Signature algorithms accepted; when absent RS256, for elliptic keys the one of their curve, with <c>use_hs256</c> HS256.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>Issuer that tokens must be from. Without a key of its own the gateway asks the issuer for its keys (OpenID Connect Discovery).</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Further such issuers.</summary>
    public IReadOnlyList<string> TrustedIssuers { get; init; } = [];

    /// <summary>Audience that tokens must be for.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Claims that must be there.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>Seconds by which clocks may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>Whether a token must say when it expires, and is refused when it has.</summary>
    public bool ValidateExpiry { get; init; } = true;

    /// <summary>Longest token accepted, in bytes.</summary>
    [AllowedRange(256, 65536)]
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary>Tokens remembered after their signature has been verified.</summary>
    [AllowedRange(1, 1000000)]
    public int CacheSize { get; init; } = 10_000;

    /// <summary>What a client is told to authenticate for; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Lets requests without a JSON Web Token go on to the next step, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether backends get to see the token.</summary>
    public bool ForwardCredentials { get; init; } = true;
}
