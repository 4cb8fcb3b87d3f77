namespace Harmony.Core.Configuration;

/// <summary><c>[telemetry]</c>: where metrics, traces and log entries are sent to, by the OpenTelemetry protocol (OTLP).</summary>
public sealed record TelemetrySection : ConfigNode
{
    /// <summary>Base URL of the collector, e.g. <c>http://127.0.0.1:4318</c>; nothing is sent when absent.</summary>
    [NotEmpty]
    public string? OtlpEndpoint { get; init; }

    /// <summary>How it is spoken to. <c>http/protobuf</c> posts to <c>/v1/metrics</c>, <c>/v1/traces</c> and <c>/v1/logs</c> below the base URL.</summary>
    [AllowedValues("http/protobuf", "grpc")]
    public string Protocol { get; init; } = "http/protobuf";

    /// <summary>Fields sent with everything, such as credentials for the collector.</summary>
    [Secret]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether metrics are sent.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Whether traces are sent.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>Whether log entries are sent, those of the level that <c>[logging]</c> has; never those of <c>log_dump</c>.</summary>
    public bool Logs { get; init; }

    /// <summary>
    /// Share of requests that are traced, from 0 to 1. What a proxy among <c>trusted_proxies</c> has decided in <c>traceparent</c> is followed
    /// instead.
    /// </summary>
    [AllowedRange(0, 1)]
    public double SampleRatio { get; init; } = 0.01;

    /// <summary>Seconds between two sendings of metrics.</summary>
    [AllowedRange(1, 3600)]
    public int MetricsIntervalSecs { get; init; } = 60;
}
