using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Modules.Tls;

/// <summary>How a listener speaks TLS. Two that are equal need no new listener; what the files hold may change meanwhile.</summary>
public sealed record TlsSettings
{
    /// <summary>What it shows, the default first; at least one.</summary>
    public required CertificateFileList Certificates { get; init; }

    /// <summary>Whether TLS 1.2 is refused.</summary>
    public bool OnlyTls13 { get; init; }

    /// <summary>Whether it asks for certificates of clients.</summary>
    public ClientAuthentication ClientAuthentication { get; init; }

    /// <summary>PEM file of the authorities that vouch for clients, absolute; null when they are not asked.</summary>
    public string? ClientCaPath { get; init; }

    /// <summary>The settings of a TCP listener; null when it has no TLS.</summary>
    public static TlsSettings? Of(TcpConfigSection tcp, BuildEnvironment paths)
    {
        ArgumentNullException.ThrowIfNull(tcp);
        ArgumentNullException.ThrowIfNull(paths);
        if (!tcp.HasTls) return null;
        var files = tcp.Certificates.Select(c => FilesOf(c.CertPath, c.KeyPath, paths));
        if (tcp.CertPath is not null) files = files.Prepend(FilesOf(tcp.CertPath, tcp.KeyPath!, paths));
        var clients = ClientsOf(tcp.ClientAuth, tcp.ClientCaPath);
        return new TlsSettings
        {
            Certificates = new CertificateFileList([.. files]),
            OnlyTls13 = tcp.TlsMinVersion == "1.3",
            ClientAuthentication = clients,
            ClientCaPath = clients == ClientAuthentication.None ? null : paths.PathOf(tcp.ClientCaPath!),
        };
    }

    /// <summary>The settings of a QUIC listener.</summary>
    public static TlsSettings Of(Http3Section http3, BuildEnvironment paths)
    {
        ArgumentNullException.ThrowIfNull(http3);
        ArgumentNullException.ThrowIfNull(paths);
        return new TlsSettings { Certificates = new CertificateFileList([FilesOf(http3.CertPath, http3.KeyPath, paths)]), OnlyTls13 = true };
    }

    private static CertificateFiles FilesOf(string certPath, string keyPath, BuildEnvironment paths) => new(paths.PathOf(certPath), paths.PathOf(keyPath));

    /// <summary>What <c>client_auth</c> says; where it is silent, naming authorities means that clients must have a certificate of theirs.</summary>
    internal static ClientAuthentication ClientsOf(string? clientAuth, string? clientCaPath) => clientAuth switch
    {
        "none" => ClientAuthentication.None,
        "request" => ClientAuthentication.Request,
        "require" => ClientAuthentication.Require,
        _ => clientCaPath is null ? ClientAuthentication.None : ClientAuthentication.Require,
    };
}
