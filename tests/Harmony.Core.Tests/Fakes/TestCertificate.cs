using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Makes certificates for localhost.</summary>
internal static class TestCertificate
{
    /// <summary>Writes a self-signed certificate and its key as PEM, valid for a year around now unless said otherwise.</summary>
    public static void Write(string certPath, string keyPath, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(from ?? now.AddDays(-1), until ?? now.AddDays(365));
        File.WriteAllText(certPath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }
}
