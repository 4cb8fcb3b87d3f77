using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http;

/// <summary><c>[backends.NAME.options]</c> of an <c>http</c> backend.</summary>
public sealed record HttpBackendOptions : ConfigNode
{
    /// <summary>Where requests go, instead of a target: <c>https://api.example.org/v1</c>.</summary>
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    /// <summary>Path put between the base URL and the path of the request.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Method used instead of the client's.</summary>
    [NotEmpty]
    public string? Method { get; init; }

    /// <summary>Fields set on every request, over those of the client.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sends the <c>Host</c> the client asked for instead of the target's.</summary>
    public bool PreserveHost { get; init; }

    /// <summary>HTTP version towards the target; <c>auto</c>: 2 or 1.1 by TLS negotiation, 1.1 without TLS, 3 where the protocol of a connection is <c>h3</c>.</summary>
    [AllowedValues("auto", "1.1", "2", "3")]
    public string HttpVersion { get; init; } = "auto";

    /// <summary>PEM file with the certificates of the authority that vouches for the target, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate shown to the target.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>
    /// Seconds without progress after which a request is given up; over those of backend and target. Counted while the target is waited
    /// for, to connect, to take the request or to go on with its answer; time in which the client is waited for is not counted.
    /// </summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Seconds to make a connection.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>
    /// Further tries of a request that may be repeated; over those of backend and target, and of several targets those of the first that
    /// says. Repeated are requests that reached no target, and those that a target broke off when method and body allow it.
    /// </summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Seconds without a byte after which a WebSocket or other upgraded connection is closed; 0 for never.</summary>
    [AllowedRange(0, 86400)]
    public int UpgradeIdleSecs { get; init; } = 3600;

    /// <summary>How requests are shared among several targets.</summary>
    [AllowedValues("round_robin", "least_requests", "power_of_two", "random", "first")]
    public string LoadBalancing { get; init; } = "round_robin";

    /// <summary>Asks the targets regularly whether they are well.</summary>
    public HttpHealthCheckOptions? HealthCheck { get; init; }

    /// <summary>Leaves targets out that fail while serving.</summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();
}
