using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Testing;

/// <summary>A certificate for <c>localhost</c> that signs itself, made once for each run of the tests.</summary>
public static class TestCertificate
{
    private static readonly X509Certificate2 Certificate = Create(days: 90);

    /// <summary>Certificate and key as files beside a configuration.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["server.pem"] = Certificate.ExportCertificatePem(),
        ["server.key"] = Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
    };

    /// <summary>The keys of a listener that uses those files.</summary>
    public static string Toml => "cert_path = \"server.pem\"\nkey_path = \"server.key\"";

    /// <summary>Trusts this certificate and no other.</summary>
    public static X509ChainPolicy TrustPolicy
    {
        get
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(Certificate);
            return policy;
        }
    }

    /// <summary>Writes another such certificate and its key; folders are made where they are missing.</summary>
    /// <param name="certPath">The file of the certificate.</param>
    /// <param name="keyPath">The file of its key.</param>
    /// <param name="days">How long it is valid, from now on.</param>
    public static void Write(string certPath, string keyPath, int days = 90)
    {
        using var certificate = Create(days);
        Directory.CreateDirectory(Path.GetDirectoryName(certPath)!);
        Directory.CreateDirectory(Path.GetDirectoryName(keyPath)!);
        File.WriteAllText(certPath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Create(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(days));
    }
}
