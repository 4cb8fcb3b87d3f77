using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Http.Tls;

/// <summary>How a listener speaks TLS. Two that are equal need no new listener; what the files hold may change meanwhile.</summary>
public sealed record TlsSettings
{
    /// <summary>What it shows, the default first; at least one.</summary>
    public required CertificateFileList Certificates { get; init; }

    /// <summary>Whether TLS 1.2 is refused.</summary>
    public bool OnlyTls13 { get; init; }

    /// <summary>Whether it asks for certificates of clients.</summary>
    public ClientAuthentication ClientAuthentication { get; init; }

    /// <summary>Absolute path of the PEM file with the CA certificates that verify clients; null if clients are not asked for certificates.</summary>
    public string? ClientCaPath { get; init; }

    /// <summary>All files: certificate and key of each pair, then the authorities if clients are asked.</summary>
    public IEnumerable<string> Files
    {
        get
        {
            foreach (var pair in Certificates)
            {
                yield return pair.CertPath;
                yield return pair.KeyPath;
            }

            if (ClientCaPath is not null) yield return ClientCaPath;
        }
    }

    /// <summary>The settings of a TCP listener; null when it has no TLS.</summary>
    public static TlsSettings? Of(TcpConfigSection tcp, ConfigSet config)
    {
        ArgumentNullException.ThrowIfNull(tcp);
        ArgumentNullException.ThrowIfNull(config);
        if (!tcp.HasTls) return null;
        var files = tcp.Certificates.Select(c => FilesOf(c.CertPath, c.KeyPath, config));
        if (tcp.CertPath is not null) files = files.Prepend(FilesOf(tcp.CertPath, tcp.KeyPath!, config));
        var clients = ClientsOf(tcp.ClientAuth, tcp.ClientCaPath);
        return new TlsSettings
        {
            Certificates = new CertificateFileList([.. files]),
            OnlyTls13 = tcp.TlsMinVersion == "1.3",
            ClientAuthentication = clients,
            ClientCaPath = clients == ClientAuthentication.None ? null : config.PathOf(tcp.ClientCaPath!),
        };
    }

    /// <summary>The settings of a QUIC listener.</summary>
    public static TlsSettings Of(Http3Section http3, ConfigSet config)
    {
        ArgumentNullException.ThrowIfNull(http3);
        ArgumentNullException.ThrowIfNull(config);
        return new TlsSettings { Certificates = new CertificateFileList([FilesOf(http3.CertPath, http3.KeyPath, config)]), OnlyTls13 = true };
    }

    private static CertificateFiles FilesOf(string certPath, string keyPath, ConfigSet config) => new(config.PathOf(certPath), config.PathOf(keyPath));

    /// <summary>What <c>client_auth</c> says; where it is silent, naming authorities means that clients must have a certificate of theirs.</summary>
    internal static ClientAuthentication ClientsOf(string? clientAuth, string? clientCaPath) => clientAuth switch
    {
        "none" => ClientAuthentication.None,
        "request" => ClientAuthentication.Request,
        "require" => ClientAuthentication.Require,
        _ => clientCaPath is null ? ClientAuthentication.None : ClientAuthentication.Require,
    };
}

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientAuthentication
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>They are and may come without; one that they show must be good.</summary>
    Request,

    /// <summary>They are, and without a good one there is no connection.</summary>
    Require,
}

/// <summary>The names in the certificate of a client. Made once for each connection; requests on it share the instance.</summary>
public static class ClientIdentity
{
    /// <summary>Value of <see cref="Identity.Method"/>.</summary>
    public const string Method = "mutual_tls";

    private static readonly ConditionalWeakTable<X509Certificate2, Identity> Known = [];

    /// <summary>The identity of a certificate that was verified in the handshake.</summary>
    public static Identity Of(X509Certificate2 certificate) => Known.GetValue(certificate, static c => new Identity(Method, c.Subject)
    {
        Claims = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["tls.client_subject"] = c.Subject,
            ["tls.client_issuer"] = c.Issuer,
            ["tls.client_serial"] = c.SerialNumber,
            ["tls.client_fingerprint"] = c.GetCertHashString(HashAlgorithmName.SHA256),
        },
    });
}
