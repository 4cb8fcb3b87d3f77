using Harmony.Core.Configuration;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary><c>[endpoints.NAME.options.tls]</c> of a <c>dicom_scp</c> endpoint. Files that change are read again.</summary>
public sealed record DicomScpTlsOptions : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key: PKCS#8, PKCS#1 or EC, not encrypted.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }

    /// <summary>PEM file with the authorities that vouch for clients' certificates; no others do.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// Whether clients are asked for a certificate: not, if they like, or before anything else; <c>require</c> where there is a <c>client_ca_path</c>, else
    /// <c>none</c>.
    /// </summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Oldest version of TLS that is spoken.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>Seconds for a handshake.</summary>
    [AllowedRange(1, 300)]
    public int HandshakeTimeoutSecs { get; init; } = 10;
}
