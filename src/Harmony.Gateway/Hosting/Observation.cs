using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Logging.Access;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>What a configuration wants measured, traced and written for each request. Nothing listens otherwise, and nothing is paid for.</summary>
/// <param name="slot">Takes the access log.</param>
/// <param name="failures">Takes the requests that failed.</param>
/// <param name="logs">Takes the export of log entries.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class Observation(AccessLogSlot slot, AccessLogSlot failures, LogExportSlot logs, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly BackgroundTasks _ending = new();
    private AccessLog? _accessLog;
    private TelemetryExport? _telemetry;

    /// <summary>The measurements since the first scrape; null before it.</summary>
    public MetricStore? Metrics { get; private set; }

    /// <summary>Begins with what the first configuration wants.</summary>
    public void Begin(ConfigSet config)
    {
        ApplyMetrics(config);
        OpenAccessLog(config);
        Export(config);
    }

    /// <summary>Goes on with what another one wants. What it wants as before goes on undisturbed.</summary>
    public void Follow(ConfigSet old, ConfigSet next)
    {
        ApplyMetrics(next);
        if (!AreEqual(old, next, "logging", "access")) OpenAccessLog(next);
        if (AreEqual(old, next, "telemetry") && NameOf(old) == NameOf(next)) return;
        var ended = _telemetry;
        Export(next);
        // It sends what it has first, to a collector that may not answer.
        if (ended is not null) _ending.Add(Task.Run(ended.Dispose));
    }

    public async ValueTask DisposeAsync()
    {
        slot.Current = null;
        failures.Current = null;
        _accessLog?.Dispose();
        logs.Current = null;
        _telemetry?.Dispose();
        Metrics?.Dispose();
        await _ending.AllAsync();
    }

    private void ApplyMetrics(ConfigSet config)
    {
        if (config.Management.Enabled)
        {
            Metrics ??= new MetricStore();
            failures.Current ??= Metrics.Failures;
            return;
        }

        failures.Current = null;
        Metrics?.Dispose();
        Metrics = null;
    }

    private void OpenAccessLog(ConfigSet config)
    {
        var ended = _accessLog;
        _accessLog = AccessLog.Open(config.Logging.Access, loggers.CreateLogger("harmony.access"));
        slot.Current = _accessLog;
        ended?.Dispose();
    }

    private void Export(ConfigSet config)
    {
        _telemetry = TelemetryExport.Start(config.Telemetry, NameOf(config), loggers.CreateLogger("harmony"), TimeProvider.System);
        logs.Current = _telemetry?.Logs;
    }

    private static string NameOf(ConfigSet config) => config.Proxy.Name ?? config.Proxy.Id ?? "harmony";

    private static bool AreEqual(ConfigSet old, ConfigSet next, params string[] path)
        => (Find(old, path), Find(next, path)) switch
        {
            (null, null) => true,
            ({ } left, { } right) => TomlEquality.AreEqual(left, right),
            _ => false,
        };

    private static TomlValue? Find(ConfigSet config, string[] path)
    {
        TomlValue? value = config.Files.Count == 0 ? null : config.Files[0].Table;
        foreach (var key in path) value = value is TomlTable table && table.TryGet(key, out var entry) ? entry.Value : null;
        return value;
    }
}

/// <summary>When something began: now, on a clock that may be set, and on one that only goes forward.</summary>
internal sealed class StartTime(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>The time of day.</summary>
    public DateTimeOffset At { get; } = clock.GetUtcNow();

    /// <summary>How long ago that is.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_began);
}
