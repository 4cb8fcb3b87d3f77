using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Cloud;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Management;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Reloading.History;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Hosting;

/// <summary>Makes of a configuration what it asks for: a snapshot to look at, or a gateway that serves. For one configuration.</summary>
internal sealed class GatewayBuilder
{
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _clock;
    private readonly StartTime _start;
    private readonly GatewayReference _reference = new();
    private readonly ModuleRegistry _registry;

    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    public GatewayBuilder(Func<string, string?> environment, TimeProvider clock)
    {
        (_environment, _clock) = (environment, clock);
        _start = new StartTime(clock);
        _registry = GatewayModules.CreateRegistry(clock, _reference);
    }

    /// <summary>What is wrong with the configuration.</summary>
    public ConfigProblems Problems { get; } = [];

    /// <summary>Builds a configuration to look at: nothing is opened and nothing logged. The caller disposes it.</summary>
    /// <param name="configFile">The main file.</param>
    /// <param name="loggers">Makes the loggers of its modules; null for none.</param>
    /// <returns>Null where it has errors, which are in <see cref="Problems"/>.</returns>
    public async Task<GatewaySnapshot?> LoadAsync(string configFile, ILoggerFactory? loggers = null)
    {
        var loader = CreateLoader(configFile);
        var config = loader.Read(Problems, out var isReadable);
        return isReadable ? await loader.BuildAsync(config, loggers ?? NullLoggerFactory.Instance, Problems) : null;
    }

    /// <summary>Builds a configuration, opens its listeners and watches its files.</summary>
    /// <param name="configFile">The main file.</param>
    /// <param name="ct">Ends the waiting for addresses.</param>
    /// <param name="orLastGood">Whether the configuration that ran last is started where the files do not load.</param>
    /// <returns>Null, and nothing is open, where the configuration has errors or an address cannot be bound: see <see cref="Problems"/>.</returns>
    public async Task<GatewayHost?> StartAsync(string configFile, CancellationToken ct, bool orLastGood = false)
    {
        FileReplacement.Recover(configFile, Problems);
        var loader = CreateLoader(configFile);
        var config = loader.Read(Problems, out var isReadable);
        var lastGood = orLastGood ? LastGood.Find(config, Problems, _clock) : null;
        // The problems are told once, in the log of what runs.
        var host = isReadable ? await StartAsync(loader, config, Problems, tells: lastGood is null, null, ct) : null;
        host ??= lastGood is null ? null : await StartAsync(loader, lastGood, ct);
        if (orLastGood && host is not null) LastGood.Note(host.Snapshot.Config);
        return host;
    }

    private async Task<GatewayHost?> StartAsync(GatewayLoader loader, LastGood lastGood, CancellationToken ct)
    {
        using var files = lastGood.Version.LayOut();
        var problems = new ConfigProblems();
        var config = loader.Read(problems, out var isReadable, files);
        return isReadable ? await StartAsync(loader, config, problems, tells: true, lastGood, ct) : null;
    }

    private async Task<GatewayHost?> StartAsync(
        GatewayLoader loader, ConfigSet config, ConfigProblems problems, bool tells, LastGood? lastGood, CancellationToken ct)
    {
        var logging = GatewayLogging.Create(config.Logging, _environment, _clock, problems);
        LiveConfiguration? live = null;
        var isOpen = false;
        try
        {
            if (await loader.BuildAsync(config, logging.Loggers, problems) is not { } first) return null;
            live = new LiveConfiguration(first, logging, _clock);
            isOpen = await live.BeginAsync(problems, ct);
            return isOpen ? Serve(loader, live, problems, lastGood) : null;
        }
        finally
        {
            if (tells) logging.Tell([.. lastGood?.Problems ?? [], .. problems]);
            if (!isOpen)
            {
                if (live is not null) await live.DisposeAsync();
                logging.Dispose();
            }
        }
    }

    private GatewayHost Serve(GatewayLoader loader, LiveConfiguration live, ConfigProblems problems, LastGood? lastGood)
    {
        var logger = live.Logging.Loggers.CreateLogger("harmony");
        var systemd = new SystemdNotifier(_environment, _clock, logger);
        var reloader = new Reloader(loader, live, _clock, problems, lastGood);
        reloader.Observe(systemd);
        var cloud = new CloudAgent(() => live.Current, reloader, _environment, _clock, live.Logging.Loggers.CreateLogger("harmony.cloud"));
        var host = new GatewayHost(live, reloader, new DryRun(_environment, _clock), systemd, cloud, _start, _clock);
        ReloadMetrics.Succeeded(_clock.GetUtcNow(), _start.Elapsed);
        if (lastGood is not null) ReloadMetrics.Failed();
        _reference.Running = host;
        systemd.Attempted(reloader.Status);
        HostLog.Started(logger, loader.ConfigFile, host.Listeners.Count, host.Snapshot.Pipelines.Count);
        if (lastGood is not null) ReloadLog.LastGoodRuns(logger, lastGood.Version.Version, lastGood.Version.AppliedAt);
        return host;
    }

    private GatewayLoader CreateLoader(string configFile) => new(configFile, _registry, _environment, _clock);
}

/// <summary>Work that goes on by itself and is waited for at the end.</summary>
internal sealed class BackgroundTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How much goes on now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    /// <summary>Takes over work that has begun; it is forgotten when it has come to its end.</summary>
    public void Add(Task work)
    {
        lock (_lock) _running.Add(work);
        work.GetAwaiter().OnCompleted(() =>
        {
            lock (_lock) _running.Remove(work);
        });
    }

    /// <summary>Completes when all of it has ended, in whatever way.</summary>
    public async Task AllAsync()
    {
        Task all;
        lock (_lock) all = Task.WhenAll(_running);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
