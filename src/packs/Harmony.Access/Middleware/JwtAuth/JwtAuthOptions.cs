using Harmony.Core.Configuration;
using Harmony.Jose;

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

    /// <summary>Least seconds between two fetches of the key set, however many tokens with unknown keys arrive.</summary>
    [AllowedRange(1, 3600)]
    public int JwksMinIntervalSecs { get; init; } = 10;

    /// <summary>Verifies tokens with a shared secret instead of a public key.</summary>
    public bool UseHs256 { get; init; }

    /// <summary>The shared secret, of at least 32 bytes.</summary>
    [Secret]
    public string? Hs256Secret { get; init; }

    /// <summary>
    /// Signature algorithms that are accepted. When absent: RS256; for elliptic keys the algorithm of their curve (EdDSA for Ed25519); with <c>use_hs256</c>
    /// HS256.
    /// </summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>Issuer that tokens must have. If no key is configured, the gateway fetches the issuer's keys (OpenID Connect Discovery).</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Further issuers whose tokens are accepted.</summary>
    public IReadOnlyList<string> TrustedIssuers { get; init; } = [];

    /// <summary>Audience that tokens must have.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Claims that tokens must contain.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>Seconds by which the clocks of issuer and gateway may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>Refuses expired tokens, and tokens without an expiry time.</summary>
    public bool ValidateExpiry { get; init; } = true;

    /// <summary>Longest token accepted, in bytes.</summary>
    [AllowedRange(256, 65536)]
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary>Most verified tokens that are remembered, so that their signatures are not verified again.</summary>
    [AllowedRange(1, 1000000)]
    public int CacheSize { get; init; } = 10_000;

    /// <summary>Realm in the <c>WWW-Authenticate</c> header; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Passes requests without a JSON Web Token on to the next middleware, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Sends the token to backends, too.</summary>
    public bool ForwardCredentials { get; init; } = true;
}

/// <summary>Reads <c>algorithms</c>. Secrets and public keys are never accepted side by side: a public key is no secret (RFC 8725 §2.1).</summary>
internal sealed class AlgorithmList(JwtAuthOptions options, ConfigProblems problems)
{
    /// <summary>Reads it; null when it cannot be used, which has been reported.</summary>
    public AcceptedAlgorithms? Read()
    {
        if (options.Algorithms.Count == 0) return options.UseHs256 ? AcceptedAlgorithms.Hs256 : AcceptedAlgorithms.Default;
        var read = new List<JwsAlgorithm>();
        for (var i = 0; i < options.Algorithms.Count; i++)
        {
            if (Read(options.Algorithms[i], options.LocationOf("algorithms", i)) is { } algorithm) read.Add(algorithm);
        }

        if (read.Count < options.Algorithms.Count) return null;
        var families = read.Select(a => a.Family).Where(f => f is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss).Distinct().Count();
        if (families > 1 && options.PublicKeyPath is not null)
        {
            problems.Error(options.LocationOf("algorithms"), "one RSA key serves either RS256, RS384 and RS512 or PS256, PS384 and PS512, not both");
            return null;
        }

        return new AcceptedAlgorithms(read);
    }

    private JwsAlgorithm? Read(string name, SourceLocation location)
    {
        if (JwsAlgorithm.Find(name) is not { } algorithm)
        {
            var names = JwsAlgorithm.All.Select(a => a.Name).ToList();
            problems.Error(
                location, $"'{name}' is not an algorithm that can be accepted; it is one of {string.Join(", ", names)}{NearestName.Suggestion(name, names)}");
            return null;
        }

        if ((algorithm.Family == SignatureFamily.Hmac) == options.UseHs256) return algorithm;
        problems.Error(location, options.UseHs256
            ? $"'{name}' does not go with 'use_hs256', which accepts HS256, HS384 and HS512 only"
            : $"'{name}' needs 'use_hs256 = true' and a 'hs256_secret'");
        return null;
    }
}
