using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>TLS towards a destination of C-MOVE.</summary>
internal static class DestinationTls
{
    /// <summary>The options; null for no TLS.</summary>
    public static SslClientAuthenticationOptions? Of(DicomDestinationSection section, ModuleContext context, ConfigProblems problems)
    {
        if (!(section.UseTls ?? (section.CaCertPath ?? section.ClientCertPath) is not null)) return null;
        var tls = new SslClientAuthenticationOptions { TargetHost = section.Host };
        if (section.CaCertPath is { } authority && ReadAll(authority, "ca_cert_path", section, context, problems) is { } roots)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (section.ClientCertPath is { } certificate && ReadAll(certificate, "client_cert_path", section, context, problems) is { } chain)
        {
            tls.ClientCertificateContext = Shown(certificate, section.ClientKeyPath ?? certificate, chain, section, context, problems);
        }

        return tls;
    }

    private static X509Certificate2Collection? ReadAll(string path, string key, DicomDestinationSection section, ModuleContext context, ConfigProblems problems)
    {
        try
        {
            return Certificates.ParseAll(new PemFile(path, BoundedFile.ReadText(context.Environment.PathOf(path))));
        }
        catch (Exception e) when (e is CertificateException || Readable.IsReadFailure(e))
        {
            problems.Error(section.LocationOf(key), e is CertificateException ? e.Message : $"cannot read '{path}': {Readable.Reason(e)}");
            return null;
        }
    }

    private static SslStreamCertificateContext? Shown(
        string path, string keyPath, X509Certificate2Collection chain, DicomDestinationSection section, ModuleContext context, ConfigProblems problems)
    {
        try
        {
            return SslStreamCertificateContext.Create(Certificates.Load(context.Environment.PathOf(path), context.Environment.PathOf(keyPath)), chain,
                offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException || Readable.IsReadFailure(e))
        {
            problems.Error(
                section.LocationOf("client_key_path"), $"'{keyPath}' does not contain the unencrypted private key, in PEM form, of the certificate '{path}'");
            return null;
        }
    }
}
