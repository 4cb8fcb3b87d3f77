using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>A signature algorithm of RFC 7518 §3. There is no <c>none</c>.</summary>
/// <param name="Name">The value of <c>alg</c>; letter case counts.</param>
/// <param name="Family">The family, which decides on the type of key.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record JwsAlgorithm(string Name, SignatureFamily Family, HashAlgorithmName Hash)
{
    /// <summary>All algorithms that can be verified.</summary>
    public static readonly IReadOnlyList<JwsAlgorithm> All =
    [
        new("RS256", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256),
        new("RS384", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384),
        new("RS512", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512),
        new("PS256", SignatureFamily.RsaPss, HashAlgorithmName.SHA256),
        new("PS384", SignatureFamily.RsaPss, HashAlgorithmName.SHA384),
        new("PS512", SignatureFamily.RsaPss, HashAlgorithmName.SHA512),
        new("ES256", SignatureFamily.Ecdsa, HashAlgorithmName.SHA256) { Curve = "P-256", FieldBytes = 32 },
        new("ES384", SignatureFamily.Ecdsa, HashAlgorithmName.SHA384) { Curve = "P-384", FieldBytes = 48 },
        new("ES512", SignatureFamily.Ecdsa, HashAlgorithmName.SHA512) { Curve = "P-521", FieldBytes = 66 },
        new("EdDSA", SignatureFamily.Ed25519, HashAlgorithmName.SHA512),
        new("HS256", SignatureFamily.Hmac, HashAlgorithmName.SHA256) { MinSecretBytes = 32 },
        new("HS384", SignatureFamily.Hmac, HashAlgorithmName.SHA384) { MinSecretBytes = 48 },
        new("HS512", SignatureFamily.Hmac, HashAlgorithmName.SHA512) { MinSecretBytes = 64 },
    ];

    /// <summary>The curve of an algorithm of <see cref="SignatureFamily.Ecdsa"/> (RFC 7518 §3.4).</summary>
    public string? Curve { get; init; }

    /// <summary>For <see cref="SignatureFamily.Ecdsa"/> the length of a coordinate in bytes; a signature is twice as long.</summary>
    public int FieldBytes { get; init; }

    /// <summary>For <see cref="SignatureFamily.Hmac"/> the shortest secret allowed (RFC 7518 §3.2).</summary>
    public int MinSecretBytes { get; init; }

    /// <summary>The algorithm of a name; null if there is none.</summary>
    public static JwsAlgorithm? Find(string? name)
    {
        foreach (var algorithm in All)
        {
            if (algorithm.Name == name) return algorithm;
        }

        return null;
    }
}

/// <summary>The families of RFC 7518 §3. A key serves one of them only.</summary>
internal enum SignatureFamily
{
    /// <summary>HMAC with a shared secret: HS256, HS384, HS512.</summary>
    Hmac,

    /// <summary>RSASSA-PKCS1-v1_5: RS256, RS384, RS512.</summary>
    RsaPkcs1,

    /// <summary>RSASSA-PSS: PS256, PS384, PS512.</summary>
    RsaPss,

    /// <summary>ECDSA: ES256, ES384, ES512.</summary>
    Ecdsa,

    /// <summary>EdDSA with Ed25519 (RFC 8037). Ed448 is not served.</summary>
    Ed25519,
}

/// <summary>The algorithms that a configuration accepts, in its order; chooses the algorithms of a key among them.</summary>
/// <param name="listed">The accepted algorithms.</param>
internal sealed class AcceptedAlgorithms(IReadOnlyList<JwsAlgorithm> listed)
{
    /// <summary>The default: RS256, and for keys of an elliptic curve the algorithm of the curve.</summary>
    public static readonly AcceptedAlgorithms Default = new(
        [.. JwsAlgorithm.All.Where(a => a.Name == "RS256" || a.Family is SignatureFamily.Ecdsa or SignatureFamily.Ed25519)]);

    /// <summary>HS256 alone.</summary>
    public static readonly AcceptedAlgorithms Hs256 = new([.. JwsAlgorithm.All.Where(a => a.Name == "HS256")]);

    /// <summary>The accepted algorithms, in the order of the configuration.</summary>
    public IReadOnlyList<JwsAlgorithm> Listed { get; } = listed;

    /// <summary>
    /// The algorithms of a key: its own <c>alg</c> (RFC 7517 §4.4) if that is accepted, else the accepted algorithms of
    /// one family, the first listed that fits. The token has no say in this (RFC 8725 §3.1).
    /// </summary>
    /// <param name="fits">Whether the key can be used with an algorithm.</param>
    /// <param name="stated">The <c>alg</c> of the key; null for none.</param>
    /// <returns>The algorithms; empty if the key cannot be used with an accepted one.</returns>
    public IReadOnlyList<JwsAlgorithm> Pin(Func<JwsAlgorithm, bool> fits, string? stated)
    {
        var possible = Listed.Where(a => fits(a) && (stated is null || a.Name == stated)).ToList();
        return possible.Count == 0 ? possible : [.. possible.Where(a => a.Family == possible[0].Family)];
    }
}
