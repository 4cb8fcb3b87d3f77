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

    /// <summary>Without TLS: answer every request with a redirect to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>Without TLS: speak HTTP/2 only, by prior knowledge (RFC 9113 §3.3), for gRPC inside a trusted network.</summary>
    public bool H2c { get; init; }
}
