using System.Security.Cryptography.X509Certificates;

namespace Harmony.Testing.Dicom;

/// <summary>What a program needs for TLS, in files.</summary>
/// <param name="Authority">Certificates that are trusted.</param>
/// <param name="Certificate">The certificate that is shown.</param>
/// <param name="Key">Its key.</param>
public sealed record PemFiles(string Authority, string Certificate, string Key)
{
    /// <summary>Writes them to a folder.</summary>
    public static async Task<PemFiles> WriteAsync(string folder, TestAuthority authority, X509Certificate2 certificate)
    {
        var files = new PemFiles(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        await File.WriteAllTextAsync(files.Authority, authority.Pem);
        await File.WriteAllTextAsync(files.Certificate, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(files.Key, TestAuthority.KeyOf(certificate));
        return files;
    }
}
