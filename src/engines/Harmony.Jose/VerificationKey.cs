using System.Collections.Concurrent;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Harmony.Jose;

/// <summary>A key that verifies signatures, and its algorithms. Safe for use by several threads.</summary>
/// <param name="kid">The <c>kid</c>; null for none.</param>
/// <param name="algorithms">Its algorithms, all of one family.</param>
internal abstract class VerificationKey(string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
{
    /// <summary>The <c>kid</c> (RFC 7517 §4.5); null for none.</summary>
    public string? Kid { get; } = kid;

    /// <summary>Whether the key is used with an algorithm.</summary>
    public bool Serves(JwsAlgorithm algorithm) => algorithms.Contains(algorithm);

    /// <summary>Whether a signature is valid.</summary>
    /// <param name="algorithm">An algorithm that the key <see cref="Serves"/>.</param>
    /// <param name="signed">The signed bytes.</param>
    /// <param name="signature">The signature.</param>
    public abstract bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}

/// <summary>A public RSA key (RFC 7518 §3.3, §3.5).</summary>
internal sealed class RsaKey : VerificationKey
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinBits = 2048;

    /// <summary>Bits of the largest key: verifying with a larger one costs more than it adds, and another system chooses the key.</summary>
    public const int MaxBits = 8192;

    private readonly KeyPool<RSA> _pool;
    private readonly int _signatureBytes;

    private RsaKey(RSA rsa, string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(kid, algorithms)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        _signatureBytes = (rsa.KeySize + 7) / 8;
        _pool = new KeyPool<RSA>(rsa, () => RSA.Create(parameters));
    }

    /// <summary>Creates a key.</summary>
    /// <param name="rsa">The public key; belongs to the new key, which is never disposed: requests may still use it when a set is renewed.</param>
    /// <param name="kid">The <c>kid</c>; null for none.</param>
    /// <param name="stated">The <c>alg</c> of the key; null for none.</param>
    /// <param name="accepted">The accepted algorithms.</param>
    /// <returns>The key; null if its size or algorithm is not accepted.</returns>
    public static RsaKey? Create(RSA rsa, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        if (rsa.KeySize is < MinBits or > MaxBits || WeakPrimes.AreIn(rsa)) return null;
        var pinned = accepted.Pin(a => a.Family is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss, stated);
        return pinned.Count == 0 ? null : new RsaKey(rsa, kid, pinned);
    }

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var padding = algorithm.Family == SignatureFamily.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        if (signature.Length != _signatureBytes) return false;
        var rsa = _pool.Rent();
        var holds = rsa.VerifyData(signed, signature, algorithm.Hash, padding);
        _pool.Return(rsa);
        return holds;
    }
}

/// <summary>A public elliptic curve key (RFC 7518 §3.4).</summary>
internal sealed class EcKey : VerificationKey
{
    private readonly KeyPool<ECDsa> _pool;

    private EcKey(ECDsa ecdsa, string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(kid, algorithms)
    {
        var parameters = ecdsa.ExportParameters(includePrivateParameters: false);
        _pool = new KeyPool<ECDsa>(ecdsa, () => ECDsa.Create(parameters));
    }

    /// <summary>Creates a key.</summary>
    /// <param name="ecdsa">The public key; belongs to the new key, which is never disposed: requests may still use it when a set is renewed.</param>
    /// <param name="kid">The <c>kid</c>; null for none.</param>
    /// <param name="stated">The <c>alg</c> of the key; null for none.</param>
    /// <param name="accepted">The accepted algorithms.</param>
    /// <returns>The key; null if its curve or algorithm is not accepted.</returns>
    public static EcKey? Create(ECDsa ecdsa, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        var curve = CurveOf(ecdsa);
        var pinned = accepted.Pin(a => a.Family == SignatureFamily.Ecdsa && a.Curve == curve, stated);
        return pinned.Count == 0 ? null : new EcKey(ecdsa, kid, pinned);
    }

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        // R and S side by side, each as long as the field; not the ASN.1 form (RFC 7518 §3.4).
        if (signature.Length != 2 * algorithm.FieldBytes) return false;
        var ecdsa = _pool.Rent();
        var holds = ecdsa.VerifyData(signed, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _pool.Return(ecdsa);
        return holds;
    }

    /// <summary>
    /// The name of a curve (RFC 7518 §6.2.1.1), by its object identifier if it has one, as two curves may have one size; null for other curves.
    /// </summary>
    private static string? CurveOf(ECDsa ecdsa) => ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value switch
    {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        _ => null,
    };
}

/// <summary>A shared secret (RFC 7518 §3.2).</summary>
internal sealed class HmacKey : VerificationKey
{
    private readonly byte[] _secret;

    private HmacKey(byte[] secret, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(null, algorithms) => _secret = secret;

    /// <summary>Creates a key; null if the secret is too short for every accepted algorithm.</summary>
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

/// <summary>A public Ed25519 key (RFC 8032, RFC 8037). The base library has no Ed25519, so libsodium verifies.</summary>
internal sealed class Ed25519Key : VerificationKey
{
    private readonly PublicKey _key;

    private Ed25519Key(PublicKey key, string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(kid, algorithms) => _key = key;

    /// <summary>Creates a key from its 32 bytes (RFC 8037 §2).</summary>
    /// <returns>The key; null if the bytes are no key, or the algorithm is not accepted.</returns>
    public static Ed25519Key? Create(ReadOnlySpan<byte> raw, string? kid, string? stated, AcceptedAlgorithms accepted)
        => PublicKey.TryImport(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey, out var key) && key is not null
            ? Create(key, kid, stated, accepted)
            : null;

    /// <summary>Creates a key.</summary>
    /// <returns>The key; null if its algorithm is not accepted.</returns>
    public static Ed25519Key? Create(PublicKey key, string? kid, string? stated, AcceptedAlgorithms accepted)
    {
        var pinned = accepted.Pin(a => a.Family == SignatureFamily.Ed25519, stated);
        return pinned.Count == 0 ? null : new Ed25519Key(key, kid, pinned);
    }

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        => SignatureAlgorithm.Ed25519.Verify(_key, signed, signature);
}

/// <summary>
/// Copies of one key, so that several threads verify at a time: an instance of the platform serves one thread. A lock instead of the pool
/// halves what two cores verify (44,000 RS256 signatures a second).
/// </summary>
internal sealed class KeyPool<T>(T first, Func<T> copy)
    where T : AsymmetricAlgorithm
{
    private readonly ConcurrentBag<T> _idle = [first];

    /// <summary>Takes an instance that is not in use. An instance with which a call has thrown is not returned.</summary>
    public T Rent() => _idle.TryTake(out var key) ? key : copy();

    /// <summary>Gives an instance back.</summary>
    public void Return(T key)
    {
        if (_idle.Count < Environment.ProcessorCount) _idle.Add(key);
        else key.Dispose();
    }
}
