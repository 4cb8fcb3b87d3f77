using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>A public RSA key (RFC 7518 §3.3, §3.5).</summary>
internal sealed class RsaKey : VerificationKey
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinBits = 2048;

    /// <summary>Larger ones cost more than they add; a set of keys is somebody else's document.</summary>
    public const int MaxBits = 8192;

    private readonly RSA _rsa;
    private readonly Lock _lock = new();

    private RsaKey(RSA rsa, string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(kid, algorithms) => _rsa = rsa;

    /// <summary>Makes a key.</summary>
    /// <param name="rsa">The public key; belongs to the new key, which is never disposed: requests may still use it when a set is renewed.</param>
    /// <param name="kid">Its name.</param>
    /// <param name="stated">The algorithm it is marked for, or null.</param>
    /// <param name="accepted">The algorithms accepted.</param>
    /// <returns>Null when its size or algorithm is not accepted.</returns>
    public static RsaKey? Create(RSA rsa, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        if (rsa.KeySize is < MinBits or > MaxBits) return null;
        var pinned = accepted.Pin(a => a.Family is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss, stated);
        return pinned.Count == 0 ? null : new RsaKey(rsa, kid, pinned);
    }

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var padding = algorithm.Family == SignatureFamily.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        // The instances of the platform are not made for several threads. Only tokens seen for the first time come here.
        lock (_lock) return signature.Length == (_rsa.KeySize + 7) / 8 && _rsa.VerifyData(signed, signature, algorithm.Hash, padding);
    }
}
