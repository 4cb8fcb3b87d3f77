using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NSec.Cryptography;
using PublicKey = NSec.Cryptography.PublicKey;

namespace Harmony.Jose;

/// <summary>Reads the public key of a PEM file: <c>PUBLIC KEY</c>, <c>RSA PUBLIC KEY</c> or a certificate.</summary>
internal static class PemKey
{
    /// <summary>Reads a key.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <param name="accepted">The accepted algorithms.</param>
    /// <param name="reason">Why the file holds no such key, as the end of a sentence that begins with the file.</param>
    public static VerificationKey? TryRead(string pem, AcceptedAlgorithms accepted, out string reason)
    {
        reason = "holds a private key; the gateway needs the public one only, as 'openssl pkey -pubout' writes it";
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return null;
        if (PublicRsa(pem) is { } rsa)
        {
            reason = WeakPrimes.AreIn(rsa)
                ? "holds an RSA key whose private key can be computed from it (ROCA, CVE-2017-15361); make another with current software"
                : rsa.KeySize is < RsaKey.MinBits or > RsaKey.MaxBits
                ? $"holds an RSA key of {rsa.KeySize} bits; {RsaKey.MinBits} to {RsaKey.MaxBits} are accepted"
                : "holds an RSA key, which none of 'algorithms' is for";
            return RsaKey.Create(rsa, null, null, accepted);
        }

        if (PublicEc(pem) is { } ec)
        {
            reason = "holds an elliptic curve key, which none of 'algorithms' is for; ES256, ES384 and ES512 go with P-256, P-384 and P-521";
            return EcKey.Create(ec, null, null, accepted);
        }

        if (PublicKey.TryImport(SignatureAlgorithm.Ed25519, Encoding.UTF8.GetBytes(pem), KeyBlobFormat.PkixPublicKeyText, out var ed25519)
            && ed25519 is not null)
        {
            reason = "holds an Ed25519 key, which none of 'algorithms' is for; EdDSA goes with it";
            return Ed25519Key.Create(ed25519, null, null, accepted);
        }

        reason = "holds no public RSA or elliptic curve key in PEM form";
        return null;
    }

    /// <summary>The RSA key of a public PEM file or certificate, or null.</summary>
    public static RSA? PublicRsa(string pem) => Import(RSA.Create(), pem) ?? Certificate(pem)?.GetRSAPublicKey();

    /// <summary>The elliptic curve key of a public PEM file or certificate, or null.</summary>
    public static ECDsa? PublicEc(string pem) => Import(ECDsa.Create(), pem) ?? Certificate(pem)?.GetECDsaPublicKey();

    /// <summary>Imports a PEM file into a key; null, and the key disposed, if the file holds no key of its type.</summary>
    public static T? Import<T>(T key, string pem)
        where T : AsymmetricAlgorithm
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    private static X509Certificate2? Certificate(string pem)
    {
        try
        {
            return pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal) ? X509Certificate2.CreateFromPem(pem) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
