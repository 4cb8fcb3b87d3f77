using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Logging;
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
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private GatewaySnapshot? _loaded;
    private ILogger? _logger;

    /// <summary>What is wrong with the configuration.</summary>
    public ConfigProblems Problems { get; } = [];

    /// <summary>The modules there are.</summary>
    public ModuleRegistry Registry { get; } = CreateRegistry(clock);

    /// <summary>What is being served; null before <see cref="StartAsync"/>.</summary>
    public GatewayRuntime? Runtime { get; private set; }

    /// <summary>What was loaded; null where the configuration has errors.</summary>
    public GatewaySnapshot? Snapshot => _loaded;

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
        _loaded = await new SnapshotBuilder(Registry, _loggers, clock).BuildAsync(config, Problems);
        return _loaded is not null;
    }

    /// <summary>Loads a configuration and opens its listeners. False, and nothing open, when either cannot be done.</summary>
    public async Task<bool> StartAsync(string configFile, CancellationToken ct)
    {
        if (!await LoadAsync(configFile, quiet: false)) return false;
        var runtime = new GatewayRuntime(_loaded!);
        foreach (var adapter in Registry.Adapters)
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
        _loggers.Dispose();
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
