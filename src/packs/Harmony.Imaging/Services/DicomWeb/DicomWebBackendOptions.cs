using Harmony.Core.Configuration;
using Harmony.Http.Services.Http;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary><c>[backends.NAME.options]</c> of a <c>dicomweb</c> backend.</summary>
public sealed record DicomWebBackendOptions : HttpClientOptions
{
    /// <summary>Root URL of the server's DICOMweb service, instead of a target: <c>https://pacs.example.org/dicom-web</c>.</summary>
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    /// <summary>Host name or IP address of the server, instead of <c>base_url</c> and of a target.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>With <c>host</c>: port; the default port of the protocol when absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>With <c>host</c>: protocol.</summary>
    [AllowedValues("http", "https")]
    public string Protocol { get; init; } = "http";

    /// <summary>With <c>host</c>: path of the DICOMweb service.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>
    /// Further base URLs that the server writes in RetrieveURL and BulkDataURI. The gateway replaces them, and the URL of the target, by its own URL.
    /// </summary>
    public IReadOnlyList<string> ServerUrls { get; init; } = [];

    /// <summary>Headers that are set on every request; they replace the client's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>HTTP version for the server; <c>auto</c>: 2 or 1.1 by TLS negotiation, 1.1 without TLS.</summary>
    [AllowedValues("auto", "1.1", "2", "3")]
    public string HttpVersion { get; init; } = "auto";

    /// <summary>PEM file with the CA certificates that verify the server's certificate, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the gateway's client certificate.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>
    /// Time-out in seconds: a request fails after this time without progress. Takes precedence over <c>timeout_secs</c> of the backend and of its target.
    /// </summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Time-out for connecting, in seconds.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>Most retries of a request that may be repeated. Takes precedence over <c>max_retries</c> of the backend and of its target.</summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>How requests are shared among several targets.</summary>
    [AllowedValues("round_robin", "least_requests", "power_of_two", "random", "first")]
    public string LoadBalancing { get; init; } = "round_robin";

    /// <summary>Health checks of the targets.</summary>
    public HttpHealthCheckOptions? HealthCheck { get; init; }

    /// <summary>Takes targets that fail out of use.</summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();
}
