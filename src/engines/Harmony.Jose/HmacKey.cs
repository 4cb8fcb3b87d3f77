using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>A shared secret (RFC 7518 §3.2).</summary>
internal sealed class HmacKey : VerificationKey
{
    private readonly byte[] _secret;

    private HmacKey(byte[] secret, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(null, algorithms) => _secret = secret;

    /// <summary>Makes a key; null when the secret is too short for every algorithm accepted.</summary>
    public static HmacKey? Create(byte[] secret, AcceptedAlgorithms accepted)
    {
        var pinned = accepted.Pin(a => a.Family == SignatureFamily.Hmac && secret.Length >= a.MinSecretBytes, stated: null);
        return pinned.Count == 0 ? null : new HmacKey(secret, pinned);
    }

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[64];
        var length = CryptographicOperations.HmacData(algorithm.Hash, _secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }
}
