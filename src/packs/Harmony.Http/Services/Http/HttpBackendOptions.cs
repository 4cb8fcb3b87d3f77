using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http;

/// <summary>How a backend reaches its targets by HTTP, whatever it asks them.</summary>
public abstract record HttpClientOptions : ConfigNode
{
    /// <summary>Headers that are set on every request; they replace the client's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// HTTP version for the target; <c>auto</c>: 2 or 1.1 by TLS negotiation, 1.1 without TLS, 3 if the protocol of a connection is <c>h3</c>.
    /// </summary>
    [AllowedValues("auto", "1.1", "2", "3")]
    public string HttpVersion { get; init; } = "auto";

    /// <summary>PEM file with the CA certificates that verify the target's certificate, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the gateway's client certificate.</summary>
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>Time-out for connecting, in seconds.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>
    /// Most retries of a request. A request is retried if it reached no target, or if a target broke off and method and body allow a repetition. Takes
    /// precedence over <c>max_retries</c> of the backend and of its targets; of several targets, the first that has a value counts.
    /// </summary>
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

/// <summary><c>[backends.NAME.options]</c> of an <c>http</c> backend.</summary>
public record HttpBackendOptions : HttpClientOptions
{
    /// <summary>The defaults.</summary>
    public HttpBackendOptions()
    {
    }

    /// <summary>Options that reach the targets as those of another backend do.</summary>
    /// <param name="client">The options of the other backend, with the places of its keys.</param>
    public HttpBackendOptions(HttpClientOptions client)
        : base(client)
    {
    }

    /// <summary>URL that requests go to, instead of a target: <c>https://api.example.org/v1</c>.</summary>
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    /// <summary>Path between the base URL and the path of the request.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Method of all requests to the target, instead of the client's.</summary>
    [NotEmpty]
    public string? Method { get; init; }

    /// <summary>Sends the client's <c>Host</c> header instead of the target's host.</summary>
    public bool PreserveHost { get; init; }

    /// <summary>
    /// Time-out in seconds: a request fails after this time without progress of the target, in connecting, reading the request or sending the response; the
    /// time of a slow client does not count. 0 for no limit, for responses that may pause for any time. Takes precedence over <c>timeout_secs</c> of the
    /// backend and of its target.
    /// </summary>
    [AllowedRange(0, 86400)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Most open HTTP/1.1 connections to each target; further requests wait for one. 0 for no limit.</summary>
    [AllowedRange(0, 100_000)]
    public int MaxConnections { get; init; }

    /// <summary>
    /// HTTP/1.1 client: <c>own</c> is the gateway's client, which reads a response while the request is still being sent; <c>platform</c> is the .NET client,
    /// as a fallback. HTTP/2 and HTTP/3 always use the .NET client.
    /// </summary>
    [AllowedValues("own", "platform")]
    public string Client { get; init; } = "own";

    /// <summary>Seconds after which an idle WebSocket or other upgraded connection is closed; 0 for never.</summary>
    [AllowedRange(0, 86400)]
    public int UpgradeIdleSecs { get; init; } = 3600;
}

/// <summary><c>[backends.NAME.options.health_check]</c>: health checks of each target, by GET requests.</summary>
public sealed record HttpHealthCheckOptions : HealthCheckOptions
{
    /// <summary>Path below the target's base URL; a response of 200 to 299 is healthy.</summary>
    [NotEmpty]
    public string Path { get; init; } = "/";
}
