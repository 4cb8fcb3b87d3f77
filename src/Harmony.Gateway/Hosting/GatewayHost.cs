using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Management;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Reloading.History;
using Harmony.Modules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Hosting;

/// <summary>The gateway as one object: loads a configuration, opens its listeners, serves, reloads, drains.</summary>
internal sealed class GatewayHost : IManagedGateway, IAsyncDisposable
{
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _clock;
    private readonly GatewayLoader _loader;
    private readonly DryRun _dryRun;
    private readonly long _began;
    private readonly Lock _draining = new();
    private readonly CancellationTokenSource _patience = new();
    private GatewayLogging? _logging;
    private GatewaySnapshot? _loaded;
    private ListenerSet? _listeners;
    private ILogger? _logger;
    private Observation? _observation;
    private SystemdNotifier? _systemd;
    private Task? _drained;
    private volatile Readiness _readiness;

    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    public GatewayHost(Func<string, string?> environment, TimeProvider clock)
    {
        (_environment, _clock) = (environment, clock);
        (_began, StartedAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        var modules = new ModuleRegistryBuilder();
        new StandardModules(clock).AddTo(modules);
        new ManagementModule(this).AddTo(modules);
        Registry = modules.Build();
        _loader = new GatewayLoader(Registry, environment, clock);
        _dryRun = new DryRun(Registry, environment, clock);
    }

    /// <summary>What is wrong with the configuration it was started with.</summary>
    public ConfigProblems Problems { get; } = [];

    /// <summary>The modules there are without plug-ins; <see cref="GatewaySnapshot.Modules"/> has those too.</summary>
    public ModuleRegistry Registry { get; }

    /// <summary>What is being served; null before <see cref="StartAsync"/>.</summary>
    public GatewayRuntime? Runtime { get; private set; }

    /// <summary>What runs, or was loaded; null where the configuration has errors.</summary>
    public GatewaySnapshot? Snapshot => Runtime?.Current ?? _loaded;

    /// <inheritdoc/>
    public MetricStore? Metrics => _observation?.Metrics;

    /// <summary>The open listeners.</summary>
    public IReadOnlyList<IListener> Listeners => _listeners?.All ?? [];

    /// <summary>Replaces the configuration; null before <see cref="StartAsync"/>.</summary>
    public Reloader? Reloader { get; private set; }

    /// <summary>Looks after the files; null before <see cref="StartAsync"/>.</summary>
    public ConfigWatcher? Watcher { get; private set; }

    /// <summary>What is logged; null before something is.</summary>
    public LogLevels? LogLevels => _logging?.Levels;

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <inheritdoc/>
    public TimeSpan Uptime => _clock.GetElapsedTime(_began);

    /// <inheritdoc/>
    public Readiness Readiness => _readiness;

    /// <summary>Makes the registry of all modules that are built in, for those who only look at it.</summary>
    public static ModuleRegistry CreateRegistry(TimeProvider clock) => new GatewayHost(_ => null, clock).Registry;

    /// <summary>Reads and builds a configuration; problems go to <see cref="Problems"/>.</summary>
    /// <param name="configFile">The main file.</param>
    /// <param name="quiet">Whether nothing is logged, as while checking.</param>
    public async Task<bool> LoadAsync(string configFile, bool quiet)
    {
        var config = _loader.Read(configFile, Problems, out var isReadable);
        if (!isReadable) return false;
        if (!quiet) _logging = GatewayLogging.Create(config.Logging, _environment, _clock, Problems);
        _loaded = await _loader.BuildAsync(config, _logging?.Loggers ?? NullLoggerFactory.Instance, Problems);
        return _loaded is not null;
    }

    /// <summary>Loads a configuration, opens its listeners and watches its files. False, and nothing open, when either cannot be done.</summary>
    public async Task<bool> StartAsync(string configFile, CancellationToken ct)
    {
        if (!await LoadAsync(configFile, quiet: false) || Problems.RaiseObstacles()) return false;
        _logger = _logging!.Loggers.CreateLogger("harmony");
        _systemd = new SystemdNotifier(_environment, _clock, _logger);
        var runtime = new GatewayRuntime(_loaded!);
        _observation = new Observation(runtime, _logging.Loggers);
        _observation.Begin(_loaded!.Config);
        _listeners = new ListenerSet(runtime, _logging.Loggers, _clock);
        if (await _listeners.OpenAsync(_loaded, Problems, ct) is not { } opened) return false;
        _listeners.Complete(opened, _loaded);
        _loaded.Activate();
        Runtime = runtime;
        BeginReloading(configFile, runtime);
        ReloadMetrics.Succeeded(_clock.GetUtcNow(), Uptime);
        _readiness = Readiness.Ready;
        _systemd.Ready($"serves version {Reloader!.Status.Version} of the configuration");
        HostLog.Started(_logger, configFile, Listeners.Count, _loaded.Pipelines.Count);
        return true;
    }

    /// <inheritdoc/>
    public Task<DryRunResult> TryAsync(UploadedFiles files) => _dryRun.RunAsync(files, Snapshot!);

    /// <inheritdoc/>
    public void BeginDrain() => _ = DrainAsync();

    /// <summary>Takes no new connections and lets running requests finish, within <c>shutdown_timeout_secs</c>.</summary>
    /// <param name="hurry">Ends the patience early.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        if (Reloader is not { } reloader) return;
        await using var registration = hurry.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        HostLog.Stopping(_logger!, reloader.InFlight);
        _systemd!.Stopping();
        await DrainAsync();
        // Operators and probes are the last: until here they saw how it went.
        await _listeners!.CloseAsync(except: null, _patience.Token);
        if (reloader.InFlight > 0) HostLog.CutOff(_logger!, reloader.InFlight);
        HostLog.Stopped(_logger!);
    }

    public async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync();
        if (_drained is not null) await _drained;
        await StopReloadingAsync();
        if (_listeners is not null) await _listeners.CloseAsync(except: null, new CancellationToken(canceled: true));
        _listeners?.Dispose();
        if (Reloader is not null) await Reloader.DisposeAsync();
        else if (_loaded is not null) await _loaded.DisposeAsync();
        _observation?.Dispose();
        _systemd?.Dispose();
        _logging?.Dispose();
        _patience.Dispose();
        _dryRun.Dispose();
    }

    private void BeginReloading(string configFile, GatewayRuntime runtime)
    {
        var logger = _logging!.Loggers.CreateLogger("harmony.reload");
        var history = ConfigHistory.Of(runtime.Current.Config, _clock, logger);
        Reloader = new Reloader(configFile, _loader, runtime, _listeners!, _logging, _observation!, history, logger, _clock, Problems)
        {
            Attempting = _systemd!.Reloading,
            Attempted = status => _systemd.Ready($"serves version {status.Version} of the configuration"),
        };
        Watcher = new ConfigWatcher(Reloader, _clock, logger);
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
        var proxy = Snapshot!.Config.Proxy;
        HostLog.Draining(_logger!, proxy.DrainDelaySecs, Reloader!.InFlight);
        await DelayAsync(TimeSpan.FromSeconds(proxy.DrainDelaySecs));
        if (!_patience.IsCancellationRequested) _patience.CancelAfter(TimeSpan.FromSeconds(proxy.ShutdownTimeoutSecs));
        var management = Snapshot.Config.Management;
        await _listeners!.CloseAsync(except: management.Enabled ? management.Network ?? ManagementTables.Name : null, _patience.Token);
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
        if (Watcher is not null) await Watcher.DisposeAsync();
        Watcher = null;
        if (Reloader is not null) await Reloader.StopAsync();
    }
}
