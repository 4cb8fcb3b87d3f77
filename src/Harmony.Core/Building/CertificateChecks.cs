using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Finds out before start whether TLS will work with the files of a configuration.</summary>
/// <param name="environment">Where files are looked for, and what time it is.</param>
/// <param name="problems">Takes warnings.</param>
/// <param name="refuse">Takes what makes a file unusable.</param>
public sealed class CertificateChecks(BuildEnvironment environment, ConfigProblems problems, Action<SourceLocation, string> refuse)
{
    /// <summary>A certificate that ends within this many days needs to be replaced.</summary>
    public const int SoonDays = 30;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(SoonDays);

    /// <summary>Checks a table with <c>cert_path</c> and <c>key_path</c>.</summary>
    /// <param name="section">The table.</param>
    /// <param name="certPath">Its <c>cert_path</c>.</param>
    /// <param name="keyPath">Its <c>key_path</c>.</param>
    /// <param name="isChosenByName">Whether clients get it only when they ask for one of its names.</param>
    public void Check(ConfigNode section, string certPath, string keyPath, bool isChosenByName = false)
    {
        var (certFile, keyFile) = (Read(certPath, section.LocationOf("cert_path"), "certificate"), Read(keyPath, section.LocationOf("key_path"), "key"));
        if (certFile is null || keyFile is null) return;
        try
        {
            using var certificate = Certificates.Parse(certFile, keyFile);
            CheckValidity(certificate, certPath, section.LocationOf("cert_path"));
            if (CertificateStrength.IsSignedWeakly(certificate) && certificate.Subject != certificate.Issuer)
            {
                problems.Warning(
                    section.LocationOf("cert_path"), $"the certificate '{certPath}' is signed with SHA-1 or an older hash; clients will refuse it");
            }

            if (isChosenByName && Certificates.HostNames(certificate).Count == 0)
            {
                problems.Warning(section.LocationOf("cert_path"), $"the certificate '{certPath}' names no host, so it is never used");
            }
        }
        catch (CertificateException e)
        {
            refuse(section.LocationOf(ReferenceEquals(e.File, keyFile) ? "key_path" : "cert_path"), e.Message);
        }
    }

    /// <summary>Checks a file of authorities.</summary>
    public void CheckAuthorities(string path, SourceLocation location)
    {
        if (Read(path, location, "certificate") is not { } file) return;
        try
        {
            foreach (var authority in Certificates.ParseAll(file))
            {
                CheckValidity(authority, path, location);
                if (!CertificateStrength.IsAuthority(authority))
                {
                    problems.Warning(location, $"'{authority.Subject}' in '{path}' is not a CA certificate, so it cannot verify certificates; name the "
                        + "authority that has issued it");
                }
            }
        }
        catch (CertificateException e)
        {
            refuse(location, e.Message);
        }
    }

    private PemFile? Read(string path, SourceLocation location, string what)
    {
        try
        {
            return new PemFile(path, BoundedFile.ReadText(environment.PathOf(path)));
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            refuse(location, $"cannot read the {what} '{path}': {Readable.Reason(e)}");
            return null;
        }
    }

    /// <summary>One that is not valid yet is a warning only: the clock of this machine may be what is wrong.</summary>
    private void CheckValidity(X509Certificate2 certificate, string path, SourceLocation location)
    {
        var now = environment.Clock.GetUtcNow().UtcDateTime;
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (until < now) refuse(location, $"the certificate '{path}' expired on {until:yyyy-MM-dd}");
        else if (from > now) problems.Warning(location, $"the certificate '{path}' is valid from {from:yyyy-MM-dd} only; clients will refuse it until then");
        else if (until - now < Soon) problems.Warning(location, $"the certificate '{path}' expires on {until:yyyy-MM-dd}");
    }
}

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

    /// <summary>
    /// Whether a chain from a client's certificate to an authority that is trusted proves who the client is: the authority's own signature does not matter.
    /// </summary>
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

    /// <summary>
    /// Whether the certificate verifies another or itself: a CA verifies others (RFC 5280 §4.2.1.9), a self-signed certificate verifies itself. Roots of
    /// version 1 cannot say what they are.
    /// </summary>
    public static bool IsAuthority(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Version < 3 || certificate.Subject == certificate.Issuer
            || certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
    }
}
