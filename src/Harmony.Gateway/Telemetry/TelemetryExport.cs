using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harmony.Gateway.Telemetry;

/// <summary>Sends metrics, traces and log entries to a collector by OTLP, until it is disposed; what is gathered by then is sent first.</summary>
internal sealed class TelemetryExport : IDisposable
{
    /// <summary>How long the last sending of each kind may take; a stop waits for no collector that does not answer.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(2);

    private readonly int _patience;

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private TelemetryExport(MeterProvider? metrics, TracerProvider? traces, LogExport? logs, TimeSpan patience)
    {
        _patience = (int)patience.TotalMilliseconds;
        _metrics = metrics;
        _traces = traces;
        Logs = logs;
    }

    /// <summary>Takes log entries; null where none are sent.</summary>
    public LogExport? Logs { get; }

    /// <summary>Begins to send; null where the configuration names no collector.</summary>
    /// <param name="telemetry">Where to, and what.</param>
    /// <param name="name">What this gateway is called: the attribute <c>service.instance.id</c>.</param>
    /// <param name="logger">Is told when the collector goes away, and when it is back.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="patience">How long the last sending of each kind may take; 2 s when not given.</param>
    public static TelemetryExport? Start(TelemetrySection telemetry, string name, ILogger logger, TimeProvider clock, TimeSpan? patience = null)
    {
        if (telemetry.OtlpEndpoint is not { } endpoint) return null;
        var watch = new CollectorWatch(endpoint, logger, clock);
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("harmony", serviceVersion: Banner.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: name);
        return new TelemetryExport(
            telemetry.Metrics ? Metrics(telemetry, endpoint, resource, watch) : null,
            telemetry.Traces ? Traces(telemetry, endpoint, resource, watch) : null,
            telemetry.Logs ? new LogExport(Configured(new OtlpExporterOptions(), telemetry, endpoint, "v1/logs", watch), resource) : null,
            patience ?? UsualPatience);
    }

    public void Dispose()
    {
        _traces?.Shutdown(_patience);
        _metrics?.Shutdown(_patience);
        Logs?.End(_patience);
        _traces?.Dispose();
        _metrics?.Dispose();
        Logs?.Dispose();
    }

    private static MeterProvider Metrics(TelemetrySection telemetry, string endpoint, ResourceBuilder resource, CollectorWatch watch)
        => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(resource)
        .AddMeter(HarmonyMetrics.MeterName, MetricStore.RuntimeMeterName)
        .AddOtlpExporter((exporter, reader) =>
        {
            Configured(exporter, telemetry, endpoint, "v1/metrics", watch);
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = telemetry.MetricsIntervalSecs * 1000;
        })
        .Build();

    private static TracerProvider Traces(TelemetrySection telemetry, string endpoint, ResourceBuilder resource, CollectorWatch watch)
        => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(resource)
        .AddSource(HarmonyTrace.SourceName)
        .SetSampler(new AlwaysOnSampler()) // what is not traced is sorted out before a span is made
        .AddOtlpExporter(exporter => Configured(exporter, telemetry, endpoint, "v1/traces", watch))
        .Build();

    private static OtlpExporterOptions Configured(OtlpExporterOptions exporter, TelemetrySection telemetry, string endpoint, string path, CollectorWatch watch)
    {
        var isHttp = telemetry.Protocol != "grpc";
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(isHttp ? $"{endpoint.TrimEnd('/')}/{path}" : endpoint);
        exporter.HttpClientFactory = () => Client(telemetry, TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds), watch);
        return exporter;
    }

    /// <summary>
    /// Carries the fields itself, because the exporter's own option takes no commas in values. Sends them nowhere but to the collector: no
    /// proxy of the environment, no redirects.
    /// </summary>
    private static HttpClient Client(TelemetrySection telemetry, TimeSpan timeout, CollectorWatch watch)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null };
        var client = new HttpClient(new WatchedHandler(watch, handler), disposeHandler: true) { Timeout = timeout };
        foreach (var (name, value) in telemetry.Headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }
}
