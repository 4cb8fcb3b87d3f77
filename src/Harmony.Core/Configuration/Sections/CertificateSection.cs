namespace Harmony.Core.Configuration;

/// <summary><c>[[network.NAME.tcp_config.certificates]]</c>: one of several certificates of a listener. The host names are those in the certificate.</summary>
public sealed record CertificateSection : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }
}
