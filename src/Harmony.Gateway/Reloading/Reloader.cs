using System.Collections.Immutable;
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
internal sealed class Reloader : IDisposable
{
    private const int MaxReadings = 5;

    private readonly GatewayLoader _loader;
    private readonly LiveConfiguration _live;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private ImmutableArray<IReloadObserver> _observers = [];
    private Task<ReloadStatus>? _next;
    private bool _stopped;
    private volatile ReloadStatus _status;
    private IReadOnlyCollection<ConfigProblem> _running; // what is wrong with the configuration that runs
    private volatile ConfigSources _sources;

    /// <summary>Begins with the configuration that serves.</summary>
    /// <param name="loader">Reads and builds.</param>
    /// <param name="live">What is replaced.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="problems">What was wrong with the first configuration: warnings.</param>
    public Reloader(GatewayLoader loader, LiveConfiguration live, TimeProvider clock, IReadOnlyCollection<ConfigProblem> problems)
    {
        (_loader, _live, _clock) = (loader, live, clock);
        _logger = live.Logging.Loggers.CreateLogger("harmony.reload");
        var config = live.Current.Config;
        _sources = config.Sources;
        History = ConfigHistory.Of(config, clock, _logger);
        var now = clock.GetUtcNow();
        _running = [.. problems];
        _status = new ReloadStatus(History.Add(config, "start"), now, now, "start", true, [.. problems]);
    }

    /// <summary>What runs, and what became of the last attempt.</summary>
    public ReloadStatus Status => _status;

    /// <summary>The files that the last attempt read: when one of them changes, another attempt may end otherwise.</summary>
    public ConfigSources Sources => _sources;

    /// <summary>The configurations that were applied.</summary>
    public ConfigHistory History { get; }

    /// <summary>Tells another observer of every attempt from now on, after those that were there before.</summary>
    public void Observe(IReloadObserver observer) => ImmutableInterlocked.Update(ref _observers, (all, one) => all.Add(one), observer);

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
                _sources = _live.Current.Config.Sources;
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

    public void Dispose() => _turn.Dispose();

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
        foreach (var observer in _observers) observer.Attempting();
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

        if (applied is null) RenewCredentials();
        var now = _clock.GetUtcNow();
        _status = applied is null
            ? _status with { LastAttempt = now, LastReason = reason, LastSucceeded = false, LastProblems = [.. problems] }
            : new ReloadStatus(History.Add(_live.Current.Config, reason), now, now, reason, true, [.. problems]);
        if (applied is not null) _running = _status.LastProblems;
        var elapsed = _clock.GetElapsedTime(started);
        if (applied is null) ReloadMetrics.Failed();
        else ReloadMetrics.Succeeded(now, elapsed);
        LogOutcome(applied, (long)elapsed.TotalMilliseconds);
        foreach (var observer in _observers) observer.Attempted(_status);
        return _status;
    }

    /// <summary>What is revoked is revoked, even while the rest of the configuration has a mistake: files with credentials count by themselves.</summary>
    private void RenewCredentials()
    {
        // The attempt may have ended before it came to these files; they are watched all the same, from before they are read.
        _sources.Include(_live.Current.Config.Sources);
        try
        {
            _live.Current.RenewCredentials();
        }
        catch (Exception e)
        {
            ReloadLog.Unforeseen(_logger, e);
        }
    }

    private async Task<AppliedChange?> TryApplyAsync(ConfigProblems problems)
    {
        var old = _live.Current.Config;
        var changedFiles = old.Sources.Changed(thoroughly: true);
        if (await LoadUnchangingAsync(problems) is not { } next) return null;
        var config = next.Config;
        if (await _live.TryReplaceAsync(next, problems, _running) is not { } listeners) return null;
        if (!History.IsOf(config)) ReloadLog.StorageNotChanged(_logger);
        return AppliedChange.Of(old, config, changedFiles, listeners);
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
            var config = _loader.Read(found, out var isReadable);
            _sources = config.Sources;
            var next = isReadable ? await _loader.BuildAsync(config, _live.Logging.Loggers, found) : null;
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
