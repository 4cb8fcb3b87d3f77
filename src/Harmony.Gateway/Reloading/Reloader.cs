using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading.History;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>
/// Replaces the running configuration as one transaction: read and check everything, build everything, open new listeners, swap one
/// reference, close old listeners, drain and dispose the old snapshot. Whatever fails before the swap leaves everything as it was.
/// </summary>
internal sealed class Reloader : IAsyncDisposable
{
    private const int MaxReadings = 5;

    private readonly string _configFile;
    private readonly GatewayLoader _loader;
    private readonly GatewayRuntime _runtime;
    private readonly ListenerSet _listeners;
    private readonly GatewayLogging _logging;
    private readonly Observation _observation;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly RetiredSnapshots _retired;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private Task<ReloadStatus>? _next;
    private bool _stopped;
    private volatile ReloadStatus _status;
    private volatile ConfigSources _sources;

    /// <summary>Begins with the snapshot that runs.</summary>
    public Reloader(
        string configFile, GatewayLoader loader, GatewayRuntime runtime, ListenerSet listeners, GatewayLogging logging, Observation observation,
        ConfigHistory history, ILogger logger, TimeProvider clock, IReadOnlyCollection<ConfigProblem> problems)
    {
        (_configFile, _loader, _runtime, _listeners, _logging) = (configFile, loader, runtime, listeners, logging);
        (_observation, _logger, _clock) = (observation, logger, clock);
        History = history;
        _retired = new RetiredSnapshots(logger);
        _sources = runtime.Current.Config.Sources;
        var now = clock.GetUtcNow();
        _status = new ReloadStatus(history.Add(runtime.Current.Config, "start"), now, now, "start", true, [.. problems]);
    }

    /// <summary>Called before each attempt, on the thread that makes it.</summary>
    public Action? Attempting { get; init; }

    /// <summary>Called after each attempt, on the thread that made it, before anybody else hears of it.</summary>
    public Action<ReloadStatus>? Attempted { get; init; }

    /// <summary>The same for who comes later.</summary>
    public Action<ReloadStatus>? Observer { get; set; }

    /// <summary>What runs, and what became of the last attempt.</summary>
    public ReloadStatus Status => _status;

    /// <summary>The files that the last attempt read: when one of them changes, another attempt may end otherwise.</summary>
    public ConfigSources Sources => _sources;

    /// <summary>The configurations that were applied.</summary>
    public ConfigHistory History { get; }

    /// <summary>Requests under way, those on older configurations too.</summary>
    public int InFlight => _runtime.Current.InFlight + _retired.InFlight;

    /// <summary>Older configurations that requests still use.</summary>
    public int Draining => _retired.Count;

    /// <summary>
    /// Loads the configuration again. One at a time: whoever asks while another waits for its turn gets the result of that one, which
    /// begins later and so sees the same files.
    /// </summary>
    /// <param name="reason">Why, for the log: <c>SIGHUP</c>.</param>
    public Task<ReloadStatus> ReloadAsync(string reason)
    {
        lock (_lock) return _next ??= InTurnAsync(reason, () => AttemptAsync(reason));
    }

    /// <summary>
    /// Writes the files of an earlier version back and applies them, so that the next start is the same. When that version does not load
    /// any more, the files are left as they were.
    /// </summary>
    /// <param name="version">Its number in <see cref="History"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public Task<ReloadStatus> RollbackAsync(int version)
    {
        var reason = $"rollback to version {version}";
        return InTurnAsync(null, async () =>
        {
            var restored = FileRestoration.Begin(History.Find(version), History.Newest, _sources.OwnFiles);
            var status = await AttemptAsync(reason);
            if (!status.LastSucceeded)
            {
                restored.Undo();
                _sources = _runtime.Current.Config.Sources;
            }

            return status;
        });
    }

    /// <summary>Ends reloading: waits for the attempt that is under way; later ones find it stopped.</summary>
    public async Task StopAsync()
    {
        await _turn.WaitAsync();
        _stopped = true;
        _turn.Release();
    }

    /// <summary>Disposes every snapshot that is left. Only after the listeners have closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _retired.DisposeAsync();
        await _runtime.Current.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<ReloadStatus> InTurnAsync(string? coalesced, Func<Task<ReloadStatus>> work)
    {
        await Task.Yield(); // the caller may hold the lock
        await _turn.WaitAsync();
        try
        {
            if (coalesced is not null)
            {
                lock (_lock) _next = null;
            }

            return _stopped ? _status : await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ReloadStatus> AttemptAsync(string reason)
    {
        var started = _clock.GetTimestamp();
        Attempting?.Invoke();
        var problems = new ConfigProblems();
        AppliedChange? applied = null;
        try
        {
            applied = await TryApplyAsync(problems);
        }
        catch (Exception e)
        {
            ReloadLog.Unforeseen(_logger, e);
            problems.Error(SourceLocation.None, $"loading the configuration failed: {e.GetType().Name}");
        }

        var now = _clock.GetUtcNow();
        _status = applied is null
            ? _status with { LastAttempt = now, LastReason = reason, LastSucceeded = false, LastProblems = [.. problems] }
            : new ReloadStatus(History.Add(_runtime.Current.Config, reason), now, now, reason, true, [.. problems]);
        var elapsed = _clock.GetElapsedTime(started);
        if (applied is null) ReloadMetrics.Failed();
        else ReloadMetrics.Succeeded(now, elapsed);
        LogOutcome(applied, (long)elapsed.TotalMilliseconds);
        Attempted?.Invoke(_status);
        Observer?.Invoke(_status);
        return _status;
    }

    private async Task<AppliedChange?> TryApplyAsync(ConfigProblems problems)
    {
        var old = _runtime.Current;
        var changedFiles = old.Config.Sources.Changed(thoroughly: true);
        if (await LoadUnchangingAsync(problems) is not { } next) return null;
        var config = next.Config;
        ListenerChange? listeners = null;
        try
        {
            if (problems.RaiseObstacles()) return null;
            next.Activate();
            listeners = await _listeners.OpenAsync(next, problems, CancellationToken.None);
            if (listeners is null) return null;
        }
        finally
        {
            if (listeners is null) await next.DisposeAsync();
        }

        var drained = _runtime.ReplaceAsync(next);
        old.Deactivate();
        _listeners.Complete(listeners, next);
        _retired.Add(old, drained);
        _observation.Follow(old.Config, config);
        if (!_logging.Apply(config.Logging)) ReloadLog.LogOutputNotChanged(_logger);
        if (!History.IsOf(config)) ReloadLog.StorageNotChanged(_logger);
        return AppliedChange.Of(old.Config, config, changedFiles, listeners);
    }

    /// <summary>
    /// Loads until nothing has changed from before it was read until it was built: whoever writes a file in place empties it first, and an
    /// empty file is a valid one.
    /// </summary>
    private async Task<GatewaySnapshot?> LoadUnchangingAsync(ConfigProblems problems)
    {
        for (var i = 0; i < MaxReadings; i++)
        {
            var found = new ConfigProblems();
            var config = _loader.Read(_configFile, found, out var isReadable);
            _sources = config.Sources;
            var next = isReadable ? await _loader.BuildAsync(config, _logging.Loggers, found) : null;
            if (config.Sources.Changed(thoroughly: true).Count == 0)
            {
                foreach (var problem in found) problems.Add(problem);
                return next;
            }

            if (next is not null) await next.DisposeAsync();
        }

        problems.Error(SourceLocation.None, "files of the configuration went on changing while they were read");
        return null;
    }

    private void LogOutcome(AppliedChange? applied, long elapsedMs)
    {
        foreach (var problem in _status.LastProblems)
        {
            if (problem.Severity == ConfigSeverity.Error) ReloadLog.Error(_logger, problem.ToString());
            else ReloadLog.Warning(_logger, problem.ToString());
        }

        if (applied is not null) ReloadLog.Reloaded(_logger, _status.Version, _status.LastReason, elapsedMs, applied.Configuration, applied.Listeners);
        else ReloadLog.Rejected(_logger, _status.LastReason, Cli.ProblemPrinter.Summary(_status.LastProblems, strict: false), _status.Version);
    }
}
