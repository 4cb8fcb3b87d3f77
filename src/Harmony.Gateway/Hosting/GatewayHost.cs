using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Logging.Access;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Reloading.History;
using Harmony.Gateway.Telemetry;
using Harmony.Modules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Hosting;

/// <summary>The gateway as one object: loads a configuration, opens its listeners, serves, reloads, drains.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _clock;
    private readonly GatewayLoader _loader;
    private GatewayLogging? _logging;
    private GatewaySnapshot? _loaded;
    private ListenerSet? _listeners;
    private ILogger? _logger;
    private AccessLog? _accessLog;
    private TelemetryExport? _telemetry;

    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    public GatewayHost(Func<string, string?> environment, TimeProvider clock)
    {
        (_environment, _clock) = (environment, clock);
        Registry = CreateRegistry(clock);
        _loader = new GatewayLoader(Registry, environment, clock);
    }

    /// <summary>What is wrong with the configuration it was started with.</summary>
    public ConfigProblems Problems { get; } = [];

    /// <summary>The modules there are without plug-ins; <see cref="GatewaySnapshot.Modules"/> has those too.</summary>
    public ModuleRegistry Registry { get; }

    /// <summary>What is being served; null before <see cref="StartAsync"/>.</summary>
    public GatewayRuntime? Runtime { get; private set; }

    /// <summary>What runs, or was loaded; null where the configuration has errors.</summary>
    public GatewaySnapshot? Snapshot => Runtime?.Current ?? _loaded;

    /// <summary>What has been measured since the start; null where no management API shows it.</summary>
    public MetricStore? Metrics { get; private set; }

    /// <summary>The open listeners.</summary>
    public IReadOnlyList<IListener> Listeners => _listeners?.All ?? [];

    /// <summary>Replaces the configuration; null before <see cref="StartAsync"/>.</summary>
    public Reloader? Reloader { get; private set; }

    /// <summary>Looks after the files; null before <see cref="StartAsync"/>.</summary>
    public ConfigWatcher? Watcher { get; private set; }

    /// <summary>What is logged; null before something is.</summary>
    public LogLevels? LogLevels => _logging?.Levels;

    /// <summary>Makes the registry of standard modules.</summary>
    public static ModuleRegistry CreateRegistry(TimeProvider clock)
    {
        var builder = new ModuleRegistryBuilder();
        new StandardModules(clock).AddTo(builder);
        return builder.Build();
    }

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
        var began = _clock.GetTimestamp();
        if (!await LoadAsync(configFile, quiet: false) || Problems.RaiseObstacles()) return false;
        Observe(_loaded!.Config);
        var runtime = new GatewayRuntime(_loaded!) { AccessLog = _accessLog };
        _logger = _logging!.Loggers.CreateLogger("harmony");
        _listeners = new ListenerSet(runtime, _logging.Loggers, _clock);
        if (await _listeners.OpenAsync(_loaded!, Problems, ct) is not { } opened) return false;
        _listeners.Complete(opened, _loaded!);
        _loaded!.Activate();
        Runtime = runtime;
        var reloadLogger = _logging.Loggers.CreateLogger("harmony.reload");
        Reloader = new Reloader(configFile, _loader, runtime, _listeners, _logging, ConfigHistory.Of(_loaded.Config, _clock, reloadLogger), reloadLogger, _clock, Problems);
        Watcher = new ConfigWatcher(Reloader, _clock, reloadLogger);
        ReloadMetrics.Succeeded(_clock.GetUtcNow(), _clock.GetElapsedTime(began));
        HostLog.Started(_logger, configFile, Listeners.Count, _loaded.Pipelines.Count);
        return true;
    }

    /// <summary>Takes no new connections and lets running requests finish, within <c>shutdown_timeout_secs</c>.</summary>
    /// <param name="hurry">Ends the patience early.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        if (Reloader is not { } reloader) return;
        await StopReloadingAsync();
        HostLog.Stopping(_logger!, reloader.InFlight);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        deadline.CancelAfter(TimeSpan.FromSeconds(Snapshot!.Config.Proxy.ShutdownTimeoutSecs));
        await _listeners!.CloseAsync(deadline.Token);
        if (reloader.InFlight > 0) HostLog.CutOff(_logger!, reloader.InFlight);
        HostLog.Stopped(_logger!);
    }

    public async ValueTask DisposeAsync()
    {
        await StopReloadingAsync();
        if (_listeners is not null) await _listeners.CloseAsync(new CancellationToken(canceled: true));
        _listeners?.Dispose();
        if (Reloader is not null) await Reloader.DisposeAsync();
        else if (_loaded is not null) await _loaded.DisposeAsync();
        _accessLog?.Dispose();
        _telemetry?.Dispose();
        Metrics?.Dispose();
        _logging?.Dispose();
    }

    /// <summary>Begins to measure what the configuration wants measured; nothing listens otherwise, and nothing is paid for.</summary>
    private void Observe(ConfigSet config)
    {
        if (config.Management.Enabled) Metrics = new MetricStore();
        _telemetry = TelemetryExport.Start(config.Telemetry, config.Proxy.Name ?? config.Proxy.Id ?? "harmony");
        _accessLog = AccessLog.Open(config.Logging.Access, _logging!.Loggers.CreateLogger("harmony.access"));
    }

    private async Task StopReloadingAsync()
    {
        if (Watcher is not null) await Watcher.DisposeAsync();
        Watcher = null;
        if (Reloader is not null) await Reloader.StopAsync();
    }
}
