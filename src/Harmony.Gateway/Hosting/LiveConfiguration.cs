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
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly GatewayRuntime _runtime;
    private readonly RetiredSnapshots _retired;
    private readonly Observation _observation;
    private readonly ILogger _logger;

    /// <param name="first">The snapshot to begin with.</param>
    /// <param name="logging">Its logging. Both are disposed with this.</param>
    /// <param name="clock">Tells the time.</param>
    public LiveConfiguration(GatewaySnapshot first, GatewayLogging logging, TimeProvider clock)
    {
        (Logging, _clock) = (logging, clock);
        _runtime = new GatewayRuntime(first);
        _observation = new Observation(_runtime.AccessLog, _runtime.Failures, logging.Export, logging.Loggers);
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

    /// <summary>
    /// The first half of serving another snapshot, which may fail: what its modules do between requests begins, and its listeners open.
    /// </summary>
    /// <param name="next">The snapshot; disposed where it cannot be served.</param>
    /// <param name="problems">What is known about it; takes the addresses that cannot be bound.</param>
    /// <param name="known">What is wrong with the configuration that serves: gaps that it has are no reason to keep it.</param>
    /// <returns>What becomes of the listeners, for <see cref="Commit"/>; null where everything is as it was.</returns>
    public async Task<ListenerChange?> PrepareAsync(GatewaySnapshot next, ConfigProblems problems, IReadOnlyCollection<ConfigProblem> known)
    {
        ListenerChange? listeners = null;
        try
        {
            if (problems.RaiseObstacles() | problems.RaiseGaps(known)) return null;
            next.Activate();
            listeners = await Listeners.OpenAsync(next, problems, CancellationToken.None);
            return listeners;
        }
        finally
        {
            if (listeners is null) await GoOnAsync("giving back what the refused configuration owned", () => DisposeAsync(next));
        }
    }

    /// <summary>
    /// The second half, which does not fail: swaps one reference, closes old listeners and lets the old snapshot drain. The new snapshot serves from the
    /// first line on. What goes wrong after that is logged, and keeps no other step from being done.
    /// </summary>
    public void Commit(GatewaySnapshot next, ListenerChange listeners)
    {
        var (old, config) = (Current, next.Config);
        var drained = _runtime.ReplaceAsync(next);
        GoOn("retiring the old configuration", () => _retired.Add(old, drained));
        GoOn("ending what the old configuration did between requests", old.Deactivate);
        GoOn("closing the old listeners", () => Listeners.Complete(listeners, next));
        GoOn("limiting what bodies hold", () => Limit(config));
        GoOn("changing metrics, traces and access log", () => _observation.Follow(old.Config, config));
        GoOn("changing the log", () =>
        {
            if (!Logging.Apply(config.Logging)) ReloadLog.LogOutputNotChanged(_logger);
        });
    }

    /// <summary>Closes what is open, at once, and disposes every snapshot that is left, each even if another fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await GoOnAsync("closing the listeners", () => Listeners.CloseAsync(except: null, new CancellationToken(canceled: true)));
        Listeners.Dispose();
        await GoOnAsync("giving back what old configurations owned", () => _retired.DisposeAsync().AsTask());
        await GoOnAsync("giving back what the configuration owned", () => DisposeAsync(Current));
        await GoOnAsync("ending metrics, traces and access log", () => _observation.DisposeAsync().AsTask());
        Logging.Dispose();
    }

    /// <summary>Disposes a snapshot when its last request has left. Its listeners are closed, so a request that is still there hangs.</summary>
    private async Task DisposeAsync(GatewaySnapshot snapshot)
    {
        await snapshot.CloseAsync().WaitAsync(LastPatience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await snapshot.DisposeAsync();
    }

    private void GoOn(string step, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            ReloadLog.StepFailed(_logger, e, step);
        }
    }

    private async Task GoOnAsync(string step, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            ReloadLog.StepFailed(_logger, e, step);
        }
    }

    private static void Limit(ConfigSet config)
    {
        var limits = config.Proxy.ContentLimits;
        BodyBudget.Process.SetLimits(limits.MaxMemorySize, limits.MaxSpoolSize);
    }
}
