using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;

namespace Harmony.Core.Building;

/// <summary>A file does not hold the certificate or key it should. The message names it and what was expected, one sentence.</summary>
public sealed class CertificateException(PemFile file, string message) : Exception(message)
{
    /// <summary>The file to mend.</summary>
    public PemFile File { get; } = file;
}

/// <summary>A file of certificates or keys, read.</summary>
/// <param name="Name">What people call it: the path as configured.</param>
/// <param name="Text">What it holds.</param>
public sealed record PemFile(string Name, string Text)
{
    /// <summary>What it is, without the key that may be in it.</summary>
    public override string ToString() => Name;
}

/// <summary>Makes certificates of PEM files (RFC 7468).</summary>
public static class Certificates
{
    /// <summary>Loads a certificate with its private key from PEM files.</summary>
    /// <exception cref="CryptographicException">One of them is not readable as PEM, or they do not belong together.</exception>
    public static X509Certificate2 Load(string certPath, string keyPath) => X509Certificate2.CreateFromPemFile(certPath, keyPath);

    /// <summary>The first certificate of a file with its private key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted.</summary>
    /// <exception cref="CertificateException">One of them does not hold what it should, or they do not belong together.</exception>
    public static X509Certificate2 Parse(PemFile certificate, PemFile key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ParseAll(certificate);
        if (WhyNoKey(key.Text) is { } reason)
        {
            throw new CertificateException(
                key, $"'{key.Name}' {reason}: an unencrypted RSA or elliptic curve key (PKCS#8, PKCS#1 or EC) in PEM form is expected");
        }

        X509Certificate2 whole;
        try
        {
            whole = X509Certificate2.CreateFromPem(certificate.Text, key.Text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException(key, $"the key '{key.Name}' does not belong to the certificate '{certificate.Name}'");
        }

        if (CertificateStrength.WeaknessOfKey(whole) is not { } weakness) return whole;
        whole.Dispose();
        throw new CertificateException(certificate, $"the certificate '{certificate.Name}' {weakness}, with which TLS makes no connection");
    }

    /// <summary>
    /// All certificates of a file: a chain, of which the intermediate ones are sent along so that clients need to know the root only, or authorities.
    /// </summary>
    /// <exception cref="CertificateException">There is none.</exception>
    public static X509Certificate2Collection ParseAll(PemFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(file.Text);
        }
        catch (CryptographicException)
        {
            found.Clear(); // one that cannot be read: what stands before it is not what its author wants
        }

        return found.Count > 0 ? found : throw new CertificateException(file, $"'{file.Name}' contains no PEM certificate");
    }

    /// <summary>The host names a certificate is for (RFC 6125 §6.4: DNS names of the subject's alternative names), wildcards included.</summary>
    public static IReadOnlyList<string> HostNames(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames())];
    }

    private static string? WhyNoKey(string pem)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal)) return "holds a private key that is encrypted";
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        if (CanImport(rsa, pem) || CanImport(ec, pem)) return null;
        return IsEdwards(pem) ? "holds a key of Ed25519 or Ed448, which .NET does not speak in TLS" : "holds no private key that can be used";
    }

    /// <summary>Whether a PKCS#8 key is of one of the curves of RFC 8410 §3.</summary>
    private static bool IsEdwards(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var found) || pem.AsSpan()[found.Label] is not "PRIVATE KEY") return false;
        var der = Convert.FromBase64String(pem[found.Base64Data]);
        return der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x2B, 0x65, 0x70]) >= 0
            || der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x2B, 0x65, 0x71]) >= 0;
    }

    private static bool CanImport(AsymmetricAlgorithm algorithm, string pem)
    {
        try
        {
            algorithm.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
