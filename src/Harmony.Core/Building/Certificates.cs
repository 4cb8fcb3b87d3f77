using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Reads a certificate and its key, to find out before start whether TLS will work with them.</summary>
public sealed class Certificates
{
    private readonly BuildEnvironment _environment;
    private readonly ConfigProblems _problems;

    internal Certificates(BuildEnvironment environment, ConfigProblems problems) => (_environment, _problems) = (environment, problems);

    /// <summary>Loads a certificate with its chain and its private key from PEM files.</summary>
    /// <exception cref="CryptographicException">One of them is not readable as PEM, or they do not belong together.</exception>
    public static X509Certificate2 Load(string certPath, string keyPath) => X509Certificate2.CreateFromPemFile(certPath, keyPath);

    /// <summary>Loads all certificates of a PEM file: the intermediate ones are sent along, so that clients need to know the root only.</summary>
    public static X509Certificate2Collection LoadChain(string certPath)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certPath);
        return chain;
    }

    /// <summary>Checks the certificate and the key of a listener, both of which can be read.</summary>
    internal void Check(TcpConfigSection tcp)
    {
        var (certPath, keyPath) = (_environment.PathOf(tcp.CertPath!), _environment.PathOf(tcp.KeyPath!));
        if (!HoldsCertificate(certPath))
        {
            _problems.Error(tcp.LocationOf("cert_path"), $"'{tcp.CertPath}' holds no PEM certificate");
            return;
        }

        if (WhyNoKey(File.ReadAllText(keyPath)) is { } reason)
        {
            _problems.Error(tcp.LocationOf("key_path"), $"'{tcp.KeyPath}' {reason}: an unencrypted PKCS#8, PKCS#1 or EC key in PEM form is expected");
            return;
        }

        try
        {
            using var certificate = Load(certPath, keyPath);
            CheckValidity(tcp, certificate);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            _problems.Error(tcp.LocationOf("key_path"), $"the key '{tcp.KeyPath}' does not belong to the certificate '{tcp.CertPath}'");
        }
    }

    private static string? WhyNoKey(string pem)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal)) return "holds a private key that is encrypted";
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        return CanImport(rsa, pem) || CanImport(ec, pem) ? null : "holds no private key that can be used";
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

    private static bool HoldsCertificate(string path)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Only warnings: what runs today shall start tomorrow, and clients say loudly what is wrong.</summary>
    private void CheckValidity(TcpConfigSection tcp, X509Certificate2 certificate)
    {
        var now = _environment.Clock.GetUtcNow().UtcDateTime;
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        var what = $"the certificate '{tcp.CertPath}'";
        if (until < now) _problems.Warning(tcp.LocationOf("cert_path"), $"{what} expired on {until:yyyy-MM-dd}; clients will refuse it");
        else if (from > now) _problems.Warning(tcp.LocationOf("cert_path"), $"{what} is valid from {from:yyyy-MM-dd} only; clients will refuse it until then");
    }
}
