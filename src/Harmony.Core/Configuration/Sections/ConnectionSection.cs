namespace Harmony.Core.Configuration;

/// <summary>How the gateway connects to another system, or where it listens for it.</summary>
[FormerKey("tls", "protocol = \"https\" is what asks for TLS")]
public sealed record ConnectionSection : ConfigNode
{
    /// <summary>Host name, IP address, or a whole URL.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>Port; the default port of the protocol when absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Protocol.</summary>
    [AlsoKnownAs("type")]
    [AllowedValues("http", "https", "h3", "http3", "dicom", "harmony", "fhir", "hl7v2", "custom")]
    public string? Protocol { get; init; }

    /// <summary>Path in front of the path of every request.</summary>
    public string? BasePath { get; init; }

    /// <summary>PEM file with the CA certificates that verify the server's certificate, instead of the system's.</summary>
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the gateway's client certificate.</summary>
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    public string? ClientKeyPath { get; init; }

    /// <summary>These settings, completed by <paramref name="fallback"/> where they are silent.</summary>
    public ConnectionSection Or(ConnectionSection? fallback) => fallback is null ? this : this with
    {
        Host = Host ?? fallback.Host,
        Port = Port ?? fallback.Port,
        Protocol = Protocol ?? fallback.Protocol,
        BasePath = BasePath ?? fallback.BasePath,
        CaCertPath = CaCertPath ?? fallback.CaCertPath,
        ClientCertPath = ClientCertPath ?? fallback.ClientCertPath,
        ClientKeyPath = ClientKeyPath ?? fallback.ClientKeyPath,
        KeyLocations = fallback.KeyLocations.Concat(KeyLocations).GroupBy(k => k.Key).ToDictionary(g => g.Key, g => g.Last().Value),
    };
}
