using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http;

/// <summary><c>[backends.NAME.options]</c> of an <c>http</c> backend.</summary>
public record HttpBackendOptions : ConfigNode
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

    /// <summary>
    /// HTTP version towards the target; <c>auto</c>: 2 or 1.1 by TLS negotiation, 1.1 without TLS, 3 where the protocol of a connection is <c>h3</c>.
    /// </summary>
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
    /// Seconds without progress after which a request is given up; goes before <c>timeout_secs</c> of the backend and of its target. Counted while the target
    /// is waited for, to connect, to take the request or to go on with its response; time in which the client is waited for is not counted. 0 for no limit,
    /// for
    /// responses that may be silent for any time.
    /// </summary>
    [AllowedRange(0, 86400)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Seconds to make a connection.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>Most connections of HTTP/1.1 to each target that are open at once; further requests wait for one. 0 for any number.</summary>
    [AllowedRange(0, 100_000)]
    public int MaxConnections { get; init; }

    /// <summary>
    /// What sends HTTP/1.1: <c>own</c> is the gateway's client, which reads responses while a request is still being sent; <c>platform</c> is the client of
    /// .NET, as a way out. HTTP/2 and HTTP/3 are always sent by the platform's client.
    /// </summary>
    [AllowedValues("own", "platform")]
    public string Client { get; init; } = "own";

    /// <summary>
    /// How often a request that may be repeated is tried again. Goes before <c>max_retries</c> of the backend and of its target; where several
    /// targets have one, the first in the list counts. Repeated are requests that reached no target, and those that a target broke off when method and body
    /// allow it.
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

/// <summary><c>[backends.NAME.options.health_check]</c>: asks each target regularly whether it is well, by a GET.</summary>
public sealed record HttpHealthCheckOptions : HealthCheckOptions
{
    /// <summary>Path below the target's base URL; an answer of 200 to 299 is good.</summary>
    [NotEmpty]
    public string Path { get; init; } = "/";
}
