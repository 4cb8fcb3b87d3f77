using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Cloud;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Management;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Reloading;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>A gateway that serves: reloads when it is told to or its files change, drains, stops. <see cref="GatewayBuilder"/> makes it.</summary>
internal sealed class GatewayHost : IManagedGateway, IAsyncDisposable
{
    private readonly LiveConfiguration _live;
    private readonly DryRun _dryRun;
    private readonly SystemdNotifier _systemd;
    private readonly StartTime _start;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _draining = new();
    private readonly CertificateWatch _certificates;
    private readonly DiskMetrics _disks;
    private readonly CancellationTokenSource _patience = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly SafeTimer _shutdown;
    private Task? _drained;
    private volatile Readiness _readiness = Readiness.Ready;

    /// <summary>Takes over what serves already, and begins to watch its files. All of it but the clock is disposed with this.</summary>
    public GatewayHost(LiveConfiguration live, Reloader reloader, DryRun dryRun, SystemdNotifier systemd, CloudAgent cloud, StartTime start, TimeProvider clock)
    {
        (_live, _dryRun, _systemd, _start, _clock) = (live, dryRun, systemd, start, clock);
        _logger = live.Logging.Loggers.CreateLogger("harmony");
        _shutdown = new SafeTimer(_patience.Cancel, clock);
        (Reloader, Cloud) = (reloader, cloud);
        _patience.Token.UnsafeRegister(static host => ((GatewayHost)host!).CutOff(), this);
        _certificates = new CertificateWatch(() => live.Current.Config, clock, _logger);
        _disks = new DiskMetrics(() => live.Current.Config);
        Watcher = new ConfigWatcher(reloader, clock, live.Logging.Loggers.CreateLogger("harmony.reload"));
    }

    /// <inheritdoc/>
    public GatewaySnapshot Snapshot => _live.Current;

    /// <inheritdoc/>
    public MetricStore? Metrics => _live.Metrics;

    /// <inheritdoc/>
    public IReadOnlyList<IListener> Listeners => _live.Listeners.All;

    /// <inheritdoc/>
    public Reloader Reloader { get; }

    /// <inheritdoc/>
    public CloudAgent Cloud { get; }

    /// <summary>Looks after the files.</summary>
    public ConfigWatcher Watcher { get; }

    /// <inheritdoc/>
    public LogLevels LogLevels => _live.Logging.Levels;

    /// <inheritdoc/>
    public RecentLines RecentLines => _live.Logging.Recent;

    /// <inheritdoc/>
    public DateTimeOffset StartedAt => _start.At;

    /// <inheritdoc/>
    public TimeSpan Uptime => _start.Elapsed;

    /// <inheritdoc/>
    public Readiness Readiness => _readiness;

    /// <inheritdoc/>
    public int InFlight => _live.InFlight;

    /// <inheritdoc/>
    public int Draining => _live.Draining;

    /// <inheritdoc/>
    public Task<DryRunResult> TryAsync(UploadedFiles files, CancellationToken ct) => _dryRun.RunAsync(files, Snapshot, ct);

    /// <inheritdoc/>
    public void BeginDrain() => _ = DrainAsync();

    /// <summary>Takes no new connections and lets running requests finish, within <c>shutdown_timeout_secs</c>.</summary>
    /// <param name="hurry">Ends the patience early.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        await using var registration = hurry.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        HostLog.Stopping(_logger, InFlight);
        _systemd.Stopping();
        _dryRun.Stop();
        await DrainAsync();
        // Operators and probes are the last: until here they saw how it went.
        await _live.Listeners.CloseAsync(except: null, _cut.Token);
        HostLog.Stopped(_logger);
    }

    public async ValueTask DisposeAsync()
    {
        _shutdown.Dispose();
        await _certificates.DisposeAsync();
        _disks.Dispose();
        await _patience.CancelAsync();
        if (_drained is null) await StopReloadingAsync();
        else await _drained;
        await _live.DisposeAsync();
        Reloader.Dispose();
        _systemd.Dispose();
        _patience.Dispose();
        _cut.Dispose();
        _dryRun.Dispose();
    }

    /// <summary>The patience is over. What is still under way is counted while it is there; then the listeners end it.</summary>
    private void CutOff()
    {
        if (InFlight is > 0 and var inFlight) HostLog.CutOff(_logger, inFlight);
        _cut.Cancel();
    }

    /// <summary>Once, however often it is asked for: no more reloads, not ready, the listeners closed but those for operators.</summary>
    private Task DrainAsync()
    {
        lock (_draining) return _drained ??= DrainOnceAsync();
    }

    private async Task DrainOnceAsync()
    {
        _readiness = Readiness.Draining;
        await Task.Yield(); // the caller may hold the lock, or be a request that this waits for
        await StopReloadingAsync();
        var proxy = Snapshot.Config.Proxy;
        HostLog.Draining(_logger, proxy.DrainDelaySecs, InFlight);
        await DelayAsync(TimeSpan.FromSeconds(proxy.DrainDelaySecs));
        _shutdown.Set(TimeSpan.FromSeconds(proxy.ShutdownTimeoutSecs));
        var management = Snapshot.Config.Management;
        await _live.Listeners.CloseAsync(except: management.Enabled ? ManagementTables.NetworkOf(management) : null, _cut.Token);
    }

    /// <summary>Time for load balancers to learn that nothing more is wanted.</summary>
    private async Task DelayAsync(TimeSpan delay)
    {
        try
        {
            if (delay > TimeSpan.Zero) await Task.Delay(delay, _clock, _patience.Token);
        }
        catch (OperationCanceledException)
        {
            // In a hurry.
        }
    }

    private async Task StopReloadingAsync()
    {
        await Cloud.DisposeAsync();
        await Watcher.DisposeAsync();
        await Reloader.StopAsync();
    }
}

/// <summary>Log messages of the host, ids 1000 to 1099, target <c>harmony</c>.</summary>
internal static partial class HostLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "started on {ConfigFile}; listeners: {Listeners}, pipelines: {Pipelines}")]
    public static partial void Started(ILogger logger, string configFile, int listeners, int pipelines);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "stopping: no new connections; requests under way: {InFlight}")]
    public static partial void Stopping(ILogger logger, int inFlight);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "requests aborted because they did not finish in time: {InFlight}")]
    public static partial void CutOff(ILogger logger, int inFlight);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Information,
        Message = "draining: the gateway reports 'not ready'; listeners close after {DelaySecs} s; requests under way: {InFlight}")]
    public static partial void Draining(ILogger logger, int delaySecs, int inFlight);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "the listener {Url} did not close cleanly; please report it")]
    public static partial void ListenerFailed(ILogger logger, Exception cause, string url);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "systemd could not be notified of the service's state: {Reason}")]
    public static partial void NotNotified(ILogger logger, string reason);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning,
        Message = "the certificate '{File}' of [{UsedBy}] ends on {NotAfter:yyyy-MM-dd}; days left: {Days}")]
    public static partial void CertificateEnds(ILogger logger, string file, string usedBy, DateTime notAfter, int days);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Error, Message = "the certificate '{File}' of [{UsedBy}] expired on {NotAfter:yyyy-MM-dd}")]
    public static partial void CertificateExpired(ILogger logger, string file, string usedBy, DateTime notAfter);
}
