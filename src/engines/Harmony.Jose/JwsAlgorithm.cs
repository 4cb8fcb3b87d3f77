using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>A signature algorithm of RFC 7518 §3. There is no <c>none</c>.</summary>
/// <param name="Name">The value of <c>alg</c>; letter case counts.</param>
/// <param name="Family">What kind of key it needs.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record JwsAlgorithm(string Name, SignatureFamily Family, HashAlgorithmName Hash)
{
    /// <summary>All that can be verified.</summary>
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
        new("HS256", SignatureFamily.Hmac, HashAlgorithmName.SHA256) { MinSecretBytes = 32 },
        new("HS384", SignatureFamily.Hmac, HashAlgorithmName.SHA384) { MinSecretBytes = 48 },
        new("HS512", SignatureFamily.Hmac, HashAlgorithmName.SHA512) { MinSecretBytes = 64 },
    ];

    /// <summary>For <see cref="SignatureFamily.Ecdsa"/> the one curve it goes with (RFC 7518 §3.4).</summary>
    public string? Curve { get; init; }

    /// <summary>For <see cref="SignatureFamily.Ecdsa"/> the length of a coordinate in bytes; a signature is twice as long.</summary>
    public int FieldBytes { get; init; }

    /// <summary>For <see cref="SignatureFamily.Hmac"/> the shortest secret allowed (RFC 7518 §3.2).</summary>
    public int MinSecretBytes { get; init; }

    /// <summary>The algorithm of that name, or null.</summary>
    public static JwsAlgorithm? Find(string? name)
    {
        foreach (var algorithm in All)
        {
            if (algorithm.Name == name) return algorithm;
        }

        return null;
    }
}
