using Harmony.Core.Configuration;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary><c>[backends.NAME.options.tls]</c> of a <c>dicom_scu</c> backend. What is absent is taken from the connection.</summary>
public sealed record DicomScuTlsOptions : ConfigNode
{
    /// <summary>PEM file with the certificates of the authority that vouches for the other side, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate shown to the other side; objects of a move are taken over TLS with it too.</summary>
    [AlsoKnownAs("cert_path")]
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [AlsoKnownAs("key_path")]
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>Name that the certificate of the other side must hold, where that is not the host that is connected to.</summary>
    [NotEmpty]
    public string? ServerName { get; init; }
}
