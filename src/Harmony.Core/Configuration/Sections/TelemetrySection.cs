namespace Harmony.Core.Configuration;

/// <summary><c>[telemetry]</c>: sends metrics, traces and log entries to a collector by the OpenTelemetry protocol (OTLP).</summary>
public sealed record TelemetrySection : ConfigNode
{
    /// <summary>Base URL of the collector, e.g. <c>http://127.0.0.1:4318</c>. Nothing is sent when absent.</summary>
    [NotEmpty]
    public string? OtlpEndpoint { get; init; }

    /// <summary>
    /// Protocol of the collector. <c>http/protobuf</c> posts to <c>/v1/metrics</c>, <c>/v1/traces</c> and <c>/v1/logs</c> below the base URL.
    /// </summary>
    [AllowedValues("http/protobuf", "grpc")]
    public string Protocol { get; init; } = "http/protobuf";

    /// <summary>Headers of every request to the collector, such as credentials.</summary>
    [Secret]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sends metrics.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Sends traces.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>Sends log entries from the <c>log_level</c> of <c>[logging]</c> on, except those of <c>log_dump</c>.</summary>
    public bool Logs { get; init; }

    /// <summary>
    /// Share of requests that are traced, from 0 to 1. If a trusted proxy (<c>trusted_proxies</c>) sends <c>traceparent</c>, its decision is followed instead.
    /// </summary>
    [AllowedRange(0, 1)]
    public double SampleRatio { get; init; } = 0.01;

    /// <summary>Seconds between two exports of metrics.</summary>
    [AllowedRange(1, 3600)]
    public int MetricsIntervalSecs { get; init; } = 60;
}
