using Harmony.Core.Configuration;
using Harmony.Http.Services.Http;
using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary><c>[backends.NAME.options]</c> of a <c>dicomweb</c> backend.</summary>
public sealed record DicomWebBackendOptions : ConfigNode
{
    /// <summary>The root of the server's DICOMweb service, instead of a target: <c>https://pacs.example.org/dicom-web</c>.</summary>
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    /// <summary>Host name or IP address of the server, instead of <c>base_url</c> and of a target.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>Port, with <c>host</c>; that of the protocol when absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Protocol, with <c>host</c>.</summary>
    [AllowedValues("http", "https")]
    public string Protocol { get; init; } = "http";

    /// <summary>Path of the DICOMweb service, with <c>host</c>.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>
    /// Further addresses by which the server calls itself in RetrieveURL and BulkDataURI; clients are shown the gateway's in their place, as in that of the
    /// address that requests are sent to.
    /// </summary>
    public IReadOnlyList<string> ServerUrls { get; init; } = [];

    /// <summary>Fields set on every request, over those of the client.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>HTTP version towards the server; <c>auto</c>: 2 or 1.1 by TLS negotiation, 1.1 without TLS.</summary>
    [AllowedValues("auto", "1.1", "2", "3")]
    public string HttpVersion { get; init; } = "auto";

    /// <summary>PEM file with the certificates of the authority that vouches for the server, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate shown to the server.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>Seconds without progress after which a request is given up; goes before <c>timeout_secs</c> of the backend and of its target.</summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Seconds to make a connection.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>How often a request that may be repeated is tried again. Goes before <c>max_retries</c> of the backend and of its target.</summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>How requests are shared among several targets.</summary>
    [AllowedValues("round_robin", "least_requests", "power_of_two", "random", "first")]
    public string LoadBalancing { get; init; } = "round_robin";

    /// <summary>Asks the targets regularly whether they are well.</summary>
    public HttpHealthCheckOptions? HealthCheck { get; init; }

    /// <summary>Leaves targets out that fail while serving.</summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();
}
