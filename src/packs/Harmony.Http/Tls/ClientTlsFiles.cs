using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Http.Tls;

/// <summary>The files for TLS that the options of a backend name; null where they leave it to the connection.</summary>
/// <param name="Options">The table that names them.</param>
/// <param name="CaCertPath">Its <c>ca_cert_path</c>.</param>
/// <param name="ClientCertPath">Its <c>client_cert_path</c>.</param>
/// <param name="ClientKeyPath">Its <c>client_key_path</c>.</param>
internal sealed record ClientTlsPaths(ConfigNode Options, string? CaCertPath, string? ClientCertPath, string? ClientKeyPath);

/// <summary>How messages about files for TLS speak of a protocol.</summary>
/// <param name="WithTls">What a target needs to have: <c>an https address</c>.</param>
/// <param name="WithoutTls">Where a file has no effect: <c>on an address of http</c>.</param>
internal sealed record ClientTlsWords(string WithTls, string WithoutTls)
{
    public static readonly ClientTlsWords Http = new("an https address", "on an address of http");

    public static readonly ClientTlsWords Dicom = new("'use_tls'", "without 'use_tls'");
}

/// <summary>Reads the authorities to trust and the certificate to show in TLS towards a target. Errors go to the context's problems.</summary>
/// <param name="own">What the backend's options say, over the connection.</param>
/// <param name="context">Finds files, takes problems.</param>
/// <param name="protocol">How messages speak of connections with TLS and without.</param>
internal sealed class ClientTlsFiles(ClientTlsPaths own, BackendContext context, ClientTlsWords protocol)
{
    /// <summary>Adds what the files hold.</summary>
    /// <param name="tls">Gets it.</param>
    /// <param name="settings">The target.</param>
    /// <param name="usesTls">Whether the target is spoken to over TLS at all; files are pointless if not.</param>
    public void AddTo(SslClientAuthenticationOptions tls, TargetSettings settings, bool usesTls)
    {
        var authority = Choose(own.CaCertPath, "ca_cert_path", settings.Connection?.CaCertPath, settings);
        var certificate = Choose(own.ClientCertPath, "client_cert_path", settings.Connection?.ClientCertPath, settings);
        var key = Choose(own.ClientKeyPath, "client_key_path", settings.Connection?.ClientKeyPath, settings);
        if (settings.Authentication?.Method == "mutual_tls" && (certificate.Path is null || !usesTls))
        {
            context.Problems.Error(settings.Location,
                $"'{settings.Name}' authenticates by mutual_tls and needs {protocol.WithTls}, 'client_cert_path' and 'client_key_path'");
            return;
        }

        if (!usesTls)
        {
            WarnOfNoTls(authority, certificate);
            return;
        }

        if (authority.Path is not null) AddAuthority(tls, authority);
        if (certificate.Path is not null) AddCertificate(tls, certificate, key.Path is null ? certificate : key);
        else if (key.Path is not null) context.Problems.Error(key.Location, "'client_key_path' needs 'client_cert_path'");
    }

    private void WarnOfNoTls(params ReadOnlySpan<TlsFile> files)
    {
        foreach (var file in files)
        {
            if (file.Path is not null) context.Problems.Warning(file.Location, $"'{file.Key}' has no effect {protocol.WithoutTls}");
        }
    }

    private void AddAuthority(SslClientAuthenticationOptions tls, TlsFile file)
    {
        if (Certificates(file) is not { } roots) return;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        tls.CertificateChainPolicy = policy;
    }

    /// <summary>The certificate is shown with the intermediate ones that its file holds.</summary>
    private void AddCertificate(SslClientAuthenticationOptions tls, TlsFile file, TlsFile key)
    {
        if (Certificates(file) is not { } chain || !CanRead(key)) return;
        try
        {
            var certificate = Core.Building.Certificates.Load(PathOf(file), PathOf(key));
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            context.Problems.Error(key.Location, $"'{key.Path}' does not contain the unencrypted private key, in PEM form, of the certificate '{file.Path}'");
        }
    }

    private X509Certificate2Collection? Certificates(TlsFile file)
    {
        if (!CanRead(file)) return null;
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(PathOf(file));
        }
        catch (CryptographicException)
        {
            found.Clear();
        }

        if (found.Count > 0) return found;
        context.Problems.Error(file.Location, $"'{file.Path}' contains no PEM certificate");
        return null;
    }

    private bool CanRead(TlsFile file)
    {
        try
        {
            BoundedFile.Read(PathOf(file));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Problems.Error(file.Location, $"cannot read '{file.Path}': {Readable.Reason(e)}");
            return false;
        }
    }

    private string PathOf(TlsFile file) => context.Environment.PathOf(file.Path!);

    private TlsFile Choose(string? given, string key, string? ofTarget, TargetSettings settings)
        => given is not null
            ? new TlsFile(given, key, own.Options.LocationOf(key))
            : new TlsFile(ofTarget, key, settings.Connection?.LocationOf(key) ?? settings.Location);

    /// <summary>A file, the key that names it, and where that stands.</summary>
    private readonly record struct TlsFile(string? Path, string Key, SourceLocation Location);
}
