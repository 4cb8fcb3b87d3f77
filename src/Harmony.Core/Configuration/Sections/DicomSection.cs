namespace Harmony.Core.Configuration;

/// <summary><c>[dicom]</c>: what DICOM endpoints share.</summary>
public sealed record DicomSection : ConfigNode
{
    /// <summary>Where C-MOVE may send objects to, by AE title, besides <c>[peers.NAME]</c> of protocol <c>dicom</c>.</summary>
    public IReadOnlyDictionary<string, DicomDestinationSection> Destinations { get; init; } = new Dictionary<string, DicomDestinationSection>();
}

/// <summary><c>[dicom.destinations.NAME]</c>: a system that stores DICOM objects.</summary>
public sealed record DicomDestinationSection : ConfigNode
{
    /// <summary>AE title, 1 to 16 characters; the name of the table when absent.</summary>
    [NotEmpty]
    public string? AeTitle { get; init; }

    /// <summary>Host name or IP address.</summary>
    [NotEmpty]
    public required string Host { get; init; }

    /// <summary>Port.</summary>
    [AllowedRange(1, 65535)]
    public int Port { get; init; } = 104;

    /// <summary>Speaks TLS. Also on when there is a <c>ca_cert_path</c> or <c>client_cert_path</c>, unless this is <c>false</c>.</summary>
    public bool? UseTls { get; init; }

    /// <summary>PEM file with the certificates of the authority that vouches for it, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate shown to it.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }
}
