using System.Security.Cryptography.X509Certificates;

namespace Harmony.Core.Building;

/// <summary>Whether a certificate proves anything today: its key is long enough, and no broken hash has signed it.</summary>
public static class CertificateStrength
{
    /// <summary>Shorter RSA keys are not accepted (NIST SP 800-131A).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>Shorter keys of elliptic curves are not accepted.</summary>
    public const int MinEcBits = 256;

    private static readonly string[] BrokenSignatures =
    [
        "1.2.840.113549.1.1.2", // MD2 with RSA
        "1.2.840.113549.1.1.4", // MD5 with RSA
        "1.2.840.113549.1.1.5", // SHA-1 with RSA
        "1.3.14.3.2.29", // SHA-1 with RSA, by an old name
        "1.2.840.10040.4.3", // SHA-1 with DSA
        "1.2.840.10045.4.1", // SHA-1 with ECDSA
    ];

    /// <summary>Why the key is too weak, to stand behind the certificate's name; null where it is not.</summary>
    public static string? WeaknessOfKey(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < MinRsaBits }) return $"has an RSA key of {rsa.KeySize} bits; {MinRsaBits} is the least";
        using var ec = certificate.GetECDsaPublicKey();
        return ec is { KeySize: < MinEcBits } ? $"has an elliptic curve key of {ec.KeySize} bits; {MinEcBits} is the least" : null;
    }

    /// <summary>Whether SHA-1 or an older hash has signed it (RFC 9155).</summary>
    public static bool IsSignedWeakly(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return BrokenSignatures.Contains(certificate.SignatureAlgorithm.Value);
    }

    /// <summary>Whether a chain from a client's certificate to an authority that is trusted proves who the client is: the authority's own signature does not matter.</summary>
    public static bool IsStrong(X509Chain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        for (var i = 0; i < chain.ChainElements.Count; i++)
        {
            var certificate = chain.ChainElements[i].Certificate;
            if (WeaknessOfKey(certificate) is not null) return false;
            if (i < chain.ChainElements.Count - 1 && IsSignedWeakly(certificate)) return false;
        }

        // What signs a handshake must be for signatures, where the certificate says what it is for (RFC 5280 §4.2.1.3).
        var usage = chain.ChainElements[0].Certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return usage is null || usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature);
    }

    /// <summary>Whether it vouches for somebody: an authority for others (RFC 5280 §4.2.1.9), one that has signed itself for itself. Roots of version 1 cannot say what they are.</summary>
    public static bool IsAuthority(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Version < 3 || certificate.Subject == certificate.Issuer || certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
    }
}
