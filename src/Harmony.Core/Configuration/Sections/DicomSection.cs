namespace Harmony.Core.Configuration;

/// <summary><c>[dicom]</c>: settings that all DICOM endpoints share.</summary>
public sealed record DicomSection : ConfigNode
{
    /// <summary>Destinations of C-MOVE by AE title, in addition to each <c>[peers.NAME]</c> with protocol <c>dicom</c>.</summary>
    public IReadOnlyDictionary<string, DicomDestinationSection> Destinations { get; init; } = new Dictionary<string, DicomDestinationSection>();
}

/// <summary><c>[dicom.destinations.NAME]</c>: a DICOM system that C-MOVE can send objects to.</summary>
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

    /// <summary>Connects with TLS. When absent, TLS is on if <c>ca_cert_path</c> or <c>client_cert_path</c> is set.</summary>
    public bool? UseTls { get; init; }

    /// <summary>PEM file with the CA certificates that verify its certificate, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the client certificate of the gateway.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }
}
