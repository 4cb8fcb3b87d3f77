using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>A public elliptic curve key (RFC 7518 §3.4).</summary>
internal sealed class EcKey : VerificationKey
{
    private readonly ECDsa _ecdsa;
    private readonly Lock _lock = new();

    private EcKey(ECDsa ecdsa, string? kid, IReadOnlyList<JwsAlgorithm> algorithms)
        : base(kid, algorithms) => _ecdsa = ecdsa;

    /// <summary>Makes a key.</summary>
    /// <param name="ecdsa">The public key; belongs to the new key, which is never disposed: requests may still use it when a set is renewed.</param>
    /// <param name="kid">Its name.</param>
    /// <param name="stated">The algorithm it is marked for, or null.</param>
    /// <param name="accepted">The algorithms accepted.</param>
    /// <returns>Null when its curve or algorithm is not accepted.</returns>
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
        lock (_lock) return _ecdsa.VerifyData(signed, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The curve's name in RFC 7518 §6.2.1.1, or null. By object identifier where there is one: sizes are no identity.</summary>
    private static string? CurveOf(ECDsa ecdsa) => ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value switch
    {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        _ => null,
    };
}
