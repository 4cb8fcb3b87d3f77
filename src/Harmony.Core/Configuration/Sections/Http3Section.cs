namespace Harmony.Core.Configuration;

/// <summary><c>[network.NAME.http3]</c>: a QUIC listener.</summary>
public sealed record Http3Section : ConfigNode
{
    /// <summary>IP address.</summary>
    [NotEmpty]
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>UDP port.</summary>
    [AllowedRange(1, 65535)]
    public int BindPort { get; init; } = 443;

    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }
}
