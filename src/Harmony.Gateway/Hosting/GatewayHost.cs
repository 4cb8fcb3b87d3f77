using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Logging.Access;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Telemetry;
using Harmony.Modules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Hosting;

/// <summary>The gateway as one object: loads a configuration, opens its listeners, serves, drains.</summary>
/// <param name="environment">Looks an environment variable up.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class GatewayHost(Func<string, string?> environment, TimeProvider clock) : IAsyncDisposable
{
    private readonly List<IListener> _listeners = [];
    private readonly CarriedState _carried = new();
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private GatewaySnapshot? _loaded;
    private ILogger? _logger;
    private AccessLog? _accessLog;
    private TelemetryExport? _telemetry;

    /// <summary>What is wrong with the configuration.</summary>
    public ConfigProblems Problems { get; } = [];

    /// <summary>The modules there are without plug-ins; <see cref="GatewaySnapshot.Modules"/> has those too.</summary>
    public ModuleRegistry Registry { get; } = CreateRegistry(clock);

    /// <summary>What is being served; null before <see cref="StartAsync"/>.</summary>
    public GatewayRuntime? Runtime { get; private set; }

    /// <summary>What was loaded; null where the configuration has errors.</summary>
    public GatewaySnapshot? Snapshot => _loaded;

    /// <summary>What has been measured since the start; null where no management API shows it.</summary>
    public MetricStore? Metrics { get; private set; }

    /// <summary>The open listeners.</summary>
    public IReadOnlyList<IListener> Listeners => _listeners;

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
        var loader = new ConfigLoader(Problems, environment);
        var config = loader.Load(configFile);
        if (loader.HasSyntaxErrors) return false;
        if (!quiet) _loggers = CreateLoggers(config);
        _logger = _loggers.CreateLogger("harmony");
        _loaded = await new SnapshotBuilder(Registry, _loggers, clock, _carried).BuildAsync(config, Problems);
        return _loaded is not null;
    }

    /// <summary>Loads a configuration and opens its listeners. False, and nothing open, when either cannot be done.</summary>
    public async Task<bool> StartAsync(string configFile, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        if (!await LoadAsync(configFile, quiet: false) || Problems.RaiseObstacles()) return false;
        Observe(_loaded!.Config);
        var runtime = new GatewayRuntime(_loaded!) { AccessLog = _accessLog };
        foreach (var adapter in _loaded!.Modules.Adapters)
        {
            foreach (var binding in adapter.BindingsOf(_loaded!)) await OpenAsync(adapter, binding, runtime, ct);
        }

        if (Problems.HasErrors)
        {
            await CloseListenersAsync(new CancellationToken(canceled: true));
            return false;
        }

        Runtime = runtime;
        _loaded!.Activate();
        ReloadMetrics.Succeeded(clock.GetUtcNow(), clock.GetElapsedTime(began));
        HostLog.Started(_logger!, configFile, _listeners.Count, _loaded.Pipelines.Count);
        return true;
    }

    /// <summary>Takes no new connections and lets running requests finish, within <c>shutdown_timeout_secs</c>.</summary>
    /// <param name="hurry">Ends the patience early.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        if (_loaded is null) return;
        HostLog.Stopping(_logger!, _loaded.InFlight);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        deadline.CancelAfter(TimeSpan.FromSeconds(_loaded.Config.Proxy.ShutdownTimeoutSecs));
        await CloseListenersAsync(deadline.Token);
        if (_loaded.InFlight > 0) HostLog.CutOff(_logger!, _loaded.InFlight);
        HostLog.Stopped(_logger!);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseListenersAsync(new CancellationToken(canceled: true));
        if (_loaded is not null) await _loaded.DisposeAsync();
        _accessLog?.Dispose();
        _telemetry?.Dispose();
        Metrics?.Dispose();
        _loggers.Dispose();
    }

    /// <summary>Begins to measure what the configuration wants measured; nothing listens otherwise, and nothing is paid for.</summary>
    private void Observe(ConfigSet config)
    {
        if (config.Management.Enabled) Metrics = new MetricStore();
        _telemetry = TelemetryExport.Start(config.Telemetry, config.Proxy.Name ?? config.Proxy.Id ?? "harmony");
        _accessLog = AccessLog.Open(config.Logging.Access, _loggers.CreateLogger("harmony.access"));
    }

    private async Task OpenAsync(IProtocolAdapter adapter, ListenerBinding binding, GatewayRuntime runtime, CancellationToken ct)
    {
        try
        {
            _listeners.Add(await adapter.OpenAsync(binding, runtime, _loggers, ct));
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            Problems.Error(binding.Origin.Location, $"network '{binding.Network}' cannot listen on {binding.Address}:{binding.Port}: {BindFailure.Reason(e)}");
        }
    }

    private async Task CloseListenersAsync(CancellationToken deadline)
    {
        var closing = _listeners.ToArray();
        _listeners.Clear();
        await Task.WhenAll(closing.Select(l => l.StopAsync(deadline)));
        foreach (var listener in closing) await listener.DisposeAsync();
    }

    private ILoggerFactory CreateLoggers(ConfigSet config)
    {
        var section = config.Logging;
        var levels = LogLevels.Create(section.LogLevel, environment, out var levelProblems);
        foreach (var problem in levelProblems) Problems.Warning(SourceLocation.None, problem);
        var settings = new LogSettings(section.Format == "json" ? LogFormat.Json : LogFormat.Text, section.LogToFile ? section.LogFilePath : null)
        {
            IsOrdinaryFault = e => e is Core.Faults.GatewayException,
        };
        return LoggingSetup.Create(settings, levels, clock);
    }
}
