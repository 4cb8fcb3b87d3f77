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

    /// <summary>Who the gateway is there.</summary>
    [NotEmpty]
    public string? ClientId { get; init; }

    /// <summary>Its secret there.</summary>
    [Secret]
    public string? ClientSecret { get; init; }

    /// <summary>How it proves that: <c>basic</c> in the field <c>Authorization</c>, <c>post</c> in the form (RFC 6749 §2.3.1).</summary>
    [AllowedValues("basic", "post")]
    public string ClientAuth { get; init; } = "basic";

    /// <summary>Issuer that tokens must be from, as the endpoint tells it.</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Audience that tokens must be for.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Claims that the endpoint must tell.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>Seconds by which clocks may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>Seconds for which an answer is remembered, at most until the token expires; 0 for never. A token that is revoked works that long.</summary>
    [AllowedRange(0, 3600)]
    public int CacheSecs { get; init; } = 60;

    /// <summary>Seconds for which it is remembered that a token is not good; 0 for never.</summary>
    [AllowedRange(0, 3600)]
    public int NegativeCacheSecs { get; init; } = 10;

    /// <summary>Answers remembered.</summary>
    [AllowedRange(1, 1000000)]
    public int CacheSize { get; init; } = 10_000;

    /// <summary>Seconds until the endpoint must have answered.</summary>
    [AllowedRange(1, 60)]
    public int TimeoutSecs { get; init; } = 5;

    /// <summary>Longest token accepted, in bytes.</summary>
    [AllowedRange(16, 65536)]
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary>What a client is told to authenticate for; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Lets requests without a token go on to the next step, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether backends get to see the token.</summary>
    public bool ForwardCredentials { get; init; } = true;
}
