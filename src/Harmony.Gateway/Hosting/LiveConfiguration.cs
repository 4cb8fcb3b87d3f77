using Harmony.Core.Configuration;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Runtime;
using Harmony.Gateway.Reloading;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>
/// The configuration that serves: its snapshot, its listeners, and what it wants logged and measured. Another one takes its place as a
/// whole or not at all.
/// </summary>
internal sealed class LiveConfiguration : IAsyncDisposable
{
    private readonly GatewayRuntime _runtime;
    private readonly RetiredSnapshots _retired;
    private readonly Observation _observation;
    private readonly ILogger _logger;

    /// <param name="first">The snapshot to begin with.</param>
    /// <param name="logging">Its logging. Both are disposed with this.</param>
    /// <param name="clock">Tells the time.</param>
    public LiveConfiguration(GatewaySnapshot first, GatewayLogging logging, TimeProvider clock)
    {
        Logging = logging;
        _runtime = new GatewayRuntime(first);
        _observation = new Observation(_runtime.AccessLog, logging.Loggers);
        _logger = logging.Loggers.CreateLogger("harmony.reload");
        _retired = new RetiredSnapshots(_logger);
        Listeners = new ListenerSet(_runtime, logging.Loggers, clock);
    }

    /// <summary>The snapshot that new requests get.</summary>
    public GatewaySnapshot Current => _runtime.Current;

    /// <summary>The open listeners.</summary>
    public ListenerSet Listeners { get; }

    /// <summary>The logging.</summary>
    public GatewayLogging Logging { get; }

    /// <summary>What has been measured; null where nothing is.</summary>
    public Metrics.MetricStore? Metrics => _observation.Metrics;

    /// <summary>Requests under way, those on older configurations too.</summary>
    public int InFlight => Current.InFlight + _retired.InFlight;

    /// <summary>Older configurations that requests still use.</summary>
    public int Draining => _retired.Count;

    /// <summary>Begins to serve the first snapshot. False, and nothing is open, when that cannot be done.</summary>
    public async Task<bool> BeginAsync(ConfigProblems problems, CancellationToken ct)
    {
        if (problems.RaiseObstacles()) return false;
        Limit(Current.Config);
        _observation.Begin(Current.Config);
        Current.Activate();
        if (await Listeners.OpenAsync(Current, problems, ct) is not { } opened) return false;
        Listeners.Complete(opened, Current);
        return true;
    }

    /// <summary>Serves another snapshot: opens its listeners, swaps one reference, closes old listeners and lets the old one drain.</summary>
    /// <param name="next">The snapshot; disposed where it cannot be served.</param>
    /// <param name="problems">What is known about it; takes the addresses that cannot be bound.</param>
    /// <param name="known">What is wrong with the configuration that serves: gaps that it has are no reason to keep it.</param>
    /// <returns>What became of the listeners; null where everything is as it was.</returns>
    public async Task<ListenerChange?> TryReplaceAsync(GatewaySnapshot next, ConfigProblems problems, IReadOnlyCollection<ConfigProblem> known)
    {
        var (old, config) = (Current, next.Config);
        ListenerChange? listeners = null;
        try
        {
            if (problems.RaiseObstacles() | problems.RaiseGaps(known)) return null;
            next.Activate();
            listeners = await Listeners.OpenAsync(next, problems, CancellationToken.None);
            if (listeners is null) return null;
        }
        finally
        {
            if (listeners is null) await next.DisposeAsync();
        }

        var drained = _runtime.ReplaceAsync(next);
        old.Deactivate();
        Listeners.Complete(listeners, next);
        _retired.Add(old, drained);
        _observation.Follow(old.Config, config);
        if (!Logging.Apply(config.Logging)) ReloadLog.LogOutputNotChanged(_logger);
        return listeners;
    }

    private static void Limit(ConfigSet config)
    {
        var limits = config.Proxy.ContentLimits;
        BodyBudget.Process.SetLimits(limits.MaxMemorySize, limits.MaxSpoolSize);
    }

    /// <summary>Closes what is open, at once, and disposes every snapshot that is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await Listeners.CloseAsync(except: null, new CancellationToken(canceled: true));
        Listeners.Dispose();
        await _retired.DisposeAsync();
        await Current.DisposeAsync();
        await _observation.DisposeAsync();
        Logging.Dispose();
    }
}
