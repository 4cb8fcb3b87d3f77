namespace Harmony.Core.Configuration;

/// <summary>A <c>connection</c> table: how to reach another system, or where to listen for it.</summary>
[FormerKey("tls", "protocol = \"https\" is what asks for TLS")]
public sealed record ConnectionSection : ConfigNode
{
    /// <summary>Host name, IP address, or a whole URL.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>Port; the protocol's own when absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Protocol.</summary>
    [AlsoKnownAs("type")]
    [AllowedValues("http", "https", "h3", "http3", "dicom", "harmony", "fhir", "hl7v2", "custom")]
    public string? Protocol { get; init; }

    /// <summary>Path put in front of every request's.</summary>
    public string? BasePath { get; init; }

    /// <summary>PEM file with the certificates of the authority that vouches for the server, instead of the system's.</summary>
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate the gateway shows the server.</summary>
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
