using System.Collections.Immutable;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading.History;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>
/// Replaces the running configuration as one transaction in two phases. Prepare: read and check everything, build everything, open new listeners;
/// whatever fails leaves everything as it was. Commit: swap one reference, close old listeners, drain and dispose the old snapshot; whatever fails is
/// logged, because the new snapshot serves by then. The status always says what serves.
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
    /// <param name="lastGood">The version that it is, where the files on the disk do not load.</param>
    public Reloader(GatewayLoader loader, LiveConfiguration live, TimeProvider clock, IReadOnlyCollection<ConfigProblem> problems, LastGood? lastGood = null)
    {
        (_loader, _live, _clock) = (loader, live, clock);
        _logger = live.Logging.Loggers.CreateLogger("harmony.reload");
        var config = live.Current.Config;
        _sources = (lastGood?.Disk ?? config).Sources;
        _sources.Include(config.Sources);
        History = ConfigHistory.Of(config, clock, _logger);
        var now = clock.GetUtcNow();
        _running = [.. problems];
        _status = lastGood is null
            ? new ReloadStatus(History.Add(History.Capture(config, "start")), now, now, "start", true, [.. problems])
            : new ReloadStatus(lastGood.Version.Version, now, now, "start", false, [.. lastGood.Problems]) { RunsFromHistory = true };
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
    /// Loads the configuration again. One at a time: a caller that asks while another waits for its turn gets the result of that one, which
    /// begins later and so sees the same files.
    /// </summary>
    /// <param name="reason">Why, for the log: <c>SIGHUP</c>.</param>
    public Task<ReloadStatus> ReloadAsync(string reason)
    {
        lock (_lock) return _next ??= InTurnAsync(reason, () => AttemptAsync(reason));
    }

    /// <summary>
    /// Writes the files of an earlier version back and applies them, so that the next start is the same. When that version does not load
    /// any more, the files are left as they were. Where they cannot be written, the version runs until one of them changes.
    /// </summary>
    /// <param name="version">Its number in <see cref="History"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    public Task<ReloadStatus> RollbackAsync(int version)
    {
        var reason = $"rollback to version {version}";
        return InTurnAsync(null, async () =>
        {
            var earlier = History.Find(version);
            FileRestoration restored;
            try
            {
                restored = FileRestoration.Begin(earlier, History.Newest, _sources.OwnFiles);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return await RunFromHistoryAsync(earlier, reason, e);
            }

            var status = await AttemptAsync(reason);
            if (!status.LastSucceeded)
            {
                restored.Undo();
                _sources = _live.Current.Config.Sources;
            }

            return status;
        });
    }

    /// <summary>
    /// Writes files and applies them as one: when they do not load, the files are as they were. A process that ends in between begins with the old files the
    /// next time.
    /// </summary>
    /// <param name="files">Absolute paths and what stands there from now on.</param>
    /// <param name="reason">Why, for the log.</param>
    /// <returns>What became of it; null where the gateway ends, and nothing was done.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public async Task<ReloadStatus?> ApplyAsync(IReadOnlyList<(string Path, byte[] Content)> files, string reason)
    {
        ReloadStatus? outcome = null;
        await InTurnAsync(null, async () =>
        {
            var written = FileReplacement.Begin(_loader.ConfigFile, files);
            outcome = await AttemptAsync(reason);
            if (outcome.LastSucceeded)
            {
                written.Keep();
            }
            else
            {
                written.Undo();
                _sources = _live.Current.Config.Sources;
            }

            return outcome;
        });
        return outcome;
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

    private async Task<ReloadStatus> RunFromHistoryAsync(ConfigVersion earlier, string reason, Exception unwritable)
    {
        var status = await AttemptAsync(reason, earlier);
        if (status.LastSucceeded) ReloadLog.RunsFromHistory(_logger, Readable.Reason(unwritable), status.Version);
        else _sources = _live.Current.Config.Sources;
        return status;
    }

    /// <param name="reason">Why, for the log.</param>
    /// <param name="earlier">The version to apply in the place of the files on the disk.</param>
    private async Task<ReloadStatus> AttemptAsync(string reason, ConfigVersion? earlier = null)
    {
        var started = _clock.GetTimestamp();
        Tell(static (observer, _) => observer.Attempting());
        var problems = new ConfigProblems();
        if (await TryPrepareAsync(problems, reason, earlier) is { } prepared) Commit(prepared, reason, problems, started);
        else Reject(reason, problems);
        Tell(static (observer, status) => observer.Attempted(status));
        return _status;
    }

    /// <summary>Everything that may fail, for whatever reason; the running configuration stays as it is.</summary>
    private async Task<PreparedConfiguration?> TryPrepareAsync(ConfigProblems problems, string reason, ConfigVersion? earlier)
    {
        try
        {
            var changedFiles = _live.Current.Config.Sources.Changed(thoroughly: true);
            if (await LoadUnchangingAsync(problems, reason, earlier) is not ({ } next, var captured)) return null;
            if (await _live.PrepareAsync(next, problems, _running) is not { } listeners) return null;
            return new PreparedConfiguration(next, listeners, captured, changedFiles);
        }
        catch (Exception e)
        {
            ReloadLog.Unforeseen(_logger, e);
            problems.Error(SourceLocation.None, $"loading the configuration failed: {e.GetType().Name}");
            return null;
        }
    }

    /// <summary>Serves it, and then says so: whatever fails from here on is logged, because it is served.</summary>
    private void Commit(PreparedConfiguration prepared, string reason, ConfigProblems problems, long started)
    {
        var old = _live.Current.Config;
        _live.Commit(prepared.Snapshot, prepared.Listeners);
        var now = _clock.GetUtcNow();
        _running = [.. problems];
        var change = ChangeOf(old, prepared);
        _status = new ReloadStatus(History.Add(prepared.Captured is { } captured ? captured with { Changes = change.Configuration } : null), now, now, reason,
            true, _running.ToList())
        { RunsFromHistory = prepared.Snapshot.Config.Earlier is not null };
        var elapsed = _clock.GetElapsedTime(started);
        ReloadMetrics.Succeeded(now, elapsed);
        if (!History.IsOf(prepared.Snapshot.Config)) ReloadLog.StorageNotChanged(_logger);
        ReloadLog.Problems(_logger, _status.LastProblems);
        ReloadLog.Reloaded(_logger, _status.Version, reason, (long)elapsed.TotalMilliseconds, change.Configuration, change.Listeners);
    }

    private AppliedChange ChangeOf(ConfigSet old, PreparedConfiguration prepared)
    {
        try
        {
            return AppliedChange.Of(old, prepared.Snapshot.Config, prepared.ChangedFiles, prepared.Listeners);
        }
        catch (Exception e)
        {
            ReloadLog.StepFailed(_logger, e, "comparing the configurations");
            return new AppliedChange("not known", prepared.Listeners.ToString());
        }
    }

    private void Reject(string reason, ConfigProblems problems)
    {
        RenewCredentials();
        _status = _status with { LastAttempt = _clock.GetUtcNow(), LastReason = reason, LastSucceeded = false, LastProblems = [.. problems] };
        ReloadMetrics.Failed();
        ReloadLog.Problems(_logger, _status.LastProblems);
        ReloadLog.Rejected(_logger, reason, Cli.ProblemPrinter.Summary(_status.LastProblems, strict: false), _status.Version);
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

    /// <summary>An observer that fails keeps no other from hearing, and no reload from its end.</summary>
    private void Tell(Action<IReloadObserver, ReloadStatus> what)
    {
        foreach (var observer in _observers)
        {
            try
            {
                what(observer, _status);
            }
            catch (Exception e)
            {
                ReloadLog.ObserverFailed(_logger, e, observer.GetType().Name);
            }
        }
    }

    /// <summary>
    /// Loads until nothing has changed from before it was read until it was built: a program that writes a file in place empties it first, and an
    /// empty file is a valid one.
    /// </summary>
    private async Task<(GatewaySnapshot Snapshot, ConfigVersion? Captured)?> LoadUnchangingAsync(ConfigProblems problems, string reason, ConfigVersion? earlier)
    {
        using var files = earlier?.LayOut();
        for (var i = 0; i < MaxReadings; i++)
        {
            var found = new ConfigProblems();
            var config = _loader.Read(found, out var isReadable, files);
            _sources = config.Sources;
            RefuseEmptied(config, found);
            var next = isReadable ? await _loader.BuildAsync(config, _live.Logging.Loggers, found) : null;
            var captured = next is null ? null
                : earlier is null ? History.Capture(config, reason)
                : earlier with { Reason = reason, AppliedAt = _clock.GetUtcNow() };
            if (config.Sources.Changed(thoroughly: true).Count == 0)
            {
                foreach (var problem in found) problems.Add(problem);
                return next is null ? null : (next, captured);
            }

            if (next is not null) await next.DisposeAsync();
        }

        problems.Error(SourceLocation.None, "files of the configuration went on changing while they were read");
        return null;
    }

    /// <summary>
    /// A program that writes a file in place empties it first, and may take long to fill it. The old content counts until the file is
    /// deleted, or has at least a comment.
    /// </summary>
    private void RefuseEmptied(ConfigSet config, ConfigProblems problems)
    {
        foreach (var file in config.Files.Where(f => f.Table.Count == 0 && new FileInfo(f.Name) is { Exists: true, Length: 0 }))
        {
            if (!_live.Current.Config.Files.Any(f => f.Name == file.Name && f.Table.Count > 0)) continue;
            problems.Error(new SourceLocation(file.Name, 0, 0),
                "the file is empty, and was not before, so it is taken for one that is being written; delete it, or leave a comment in it, to take away what "
                    + "it held");
        }
    }

    /// <summary>A configuration that only needs to be served.</summary>
    /// <param name="Snapshot">What is served.</param>
    /// <param name="Listeners">What becomes of the listeners.</param>
    /// <param name="Captured">The files it was built from, for the history; null where they could not be read.</param>
    /// <param name="ChangedFiles">Files that are not as they were when the old configuration was read.</param>
    private sealed record PreparedConfiguration(
        GatewaySnapshot Snapshot, ListenerChange Listeners, ConfigVersion? Captured, IReadOnlyList<string> ChangedFiles);
}

/// <summary>Hears of attempts to replace the configuration, on the thread that makes them.</summary>
internal interface IReloadObserver
{
    /// <summary>An attempt begins.</summary>
    void Attempting();

    /// <summary>An attempt has ended; subscribers have not been told yet.</summary>
    void Attempted(ReloadStatus status);
}

/// <summary>Which configuration runs, and what became of the last attempt to replace it.</summary>
/// <param name="Version">Number of the applied configuration; counts on across restarts where there is a history.</param>
/// <param name="AppliedAt">When it was applied.</param>
/// <param name="LastAttempt">Time of the last attempt to load a configuration, at start or later.</param>
/// <param name="LastReason">Why: <c>start</c>, <c>files changed</c>, <c>SIGHUP</c>.</param>
/// <param name="LastSucceeded">Whether that one was applied; false means that an older one still runs.</param>
/// <param name="LastProblems">What was wrong with it, warnings too.</param>
public sealed record ReloadStatus(
    int Version, DateTimeOffset AppliedAt, DateTimeOffset LastAttempt, string LastReason, bool LastSucceeded, IReadOnlyList<ConfigProblem> LastProblems)
{
    /// <summary>
    /// Whether a version of the history runs that is not what the files on the disk say: since a start with <c>--last-good</c>, or a rollback where files
    /// cannot be written.
    /// </summary>
    public bool RunsFromHistory { get; init; }
}
