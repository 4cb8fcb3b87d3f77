namespace Harmony.Core.Configuration;

/// <summary><c>[network.NAME.tcp_config]</c>: a TCP listener, with TLS when it has a certificate.</summary>
public sealed record TcpConfigSection : ConfigNode
{
    /// <summary>IP address, or <c>localhost</c>. 0.0.0.0 and [::] mean every interface.</summary>
    [NotEmpty]
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>Port.</summary>
    [AllowedRange(1, 65535)]
    public int BindPort { get; init; } = 8080;

    /// <summary>PEM file with the certificate and its chain. With <c>key_path</c> it turns TLS on.</summary>
    [NotEmpty]
    public string? CertPath { get; init; }

    /// <summary>PEM file with the private key: PKCS#8, PKCS#1 or EC, not encrypted.</summary>
    [NotEmpty]
    public string? KeyPath { get; init; }

    /// <summary>Further certificates, for host names of their own; a client is shown the one for the name it asks for (SNI), else the first.</summary>
    public IReadOnlyList<CertificateSection> Certificates { get; init; } = [];

    /// <summary>Oldest version of TLS that is spoken.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>PEM file with the authorities that vouch for clients' certificates; no others do.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>Whether clients are asked for a certificate: not, if they like, or before anything else; <c>require</c> where there is a <c>client_ca_path</c>, else <c>none</c>.</summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Whether it speaks TLS.</summary>
    [NotAKey]
    public bool HasTls => CertPath is not null || Certificates.Count > 0;

    /// <summary>Without TLS: answer every request with a redirect to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>Without TLS: speak HTTP/2 only, by prior knowledge (RFC 9113 §3.3), for gRPC inside a trusted network.</summary>
    public bool H2c { get; init; }
}
