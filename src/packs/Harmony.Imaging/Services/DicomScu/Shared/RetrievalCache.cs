using Harmony.Core.Runtime;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomScu.Retrieved;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>
/// The retrievals of a backend that several may take part in: one for each series or instance, however many ask for it at the same time. Their objects
/// stay on the disk for a while, so that a repeated request needs no second retrieval. Bounded in bytes and time.
/// </summary>
/// <param name="folders">Where the objects are put. What a process that died has left there, its marks have cleared up.</param>
/// <param name="maxBytes">
/// Most bytes on the disk. A larger retrieval continues at the speed of its readers; objects that all have passed are deleted.
/// </param>
/// <param name="keep">How long unused objects stay.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="onFailure">Called with the reason of a failed retrieval, once for all its users.</param>
internal sealed class RetrievalCache(RetrievedFolders folders, long maxBytes, TimeSpan keep, TimeProvider clock, Action<string> onFailure) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RetrievalScope, SharedRetrieval> _byScope = [];
    private readonly HashSet<SharedRetrieval> _all = [];
    private readonly HashSet<Task> _running = [];
    private long _bytes;
    private TaskCompletionSource _room = NewSignal();
    private SafeTimer? _timer;
    private bool _isDisposed;

    /// <summary>Bytes on the disk.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Joins the retrieval of a scope; for an instance, also a retrieval of its series, if there is one.</summary>
    /// <param name="scope">What is wanted.</param>
    /// <param name="retrieve">Retrieves the objects unless a retrieval is under way; adds objects, and throws if not all came.</param>
    public SharedReader Join(RetrievalScope scope, Func<SharedRetrieval, CancellationToken, Task> retrieve)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var joined = TryJoin(scope) ?? (scope.Instance is null ? null : TryJoin(scope with { Instance = null }));
            if (joined is not null) return joined;
            var started = new SharedRetrieval(this, scope, folders.New()) { LastUsed = clock.GetTimestamp() };
            _byScope[scope] = started;
            _all.Add(started);
            var reader = started.TryJoin()!;
            var running = StartAsync(started, retrieve);
            _running.Add(running);
            _ = running.ContinueWith(
                t => { lock (_lock) _running.Remove(t); }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return reader;
        }
    }

    /// <summary>
    /// Waits until there is room for another object of a retrieval: objects of retrievals without readers are deleted, or else those of this retrieval that
    /// all its readers have passed. A retrieval that has no object left on the disk does not wait: the slow readers of one retrieval never stop another.
    /// </summary>
    /// <param name="retrieval">The retrieval that brings objects.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask WaitForRoomAsync(SharedRetrieval retrieval, CancellationToken ct)
    {
        while (true)
        {
            Task room;
            lock (_lock) room = _room.Task;
            if (Bytes <= maxBytes) return;
            if (await EvictAsync(onlyExpired: false)) continue;
            Free(retrieval.DeletePassed());
            if (retrieval.Length == 0) return;
            retrieval.CancelUnlessRead(); // there is room for a retrieval only as long as a reader takes its objects
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, retrieval.Stopping);
            await room.WaitAsync(either.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<SharedRetrieval> all;
        Task[] running;
        lock (_lock)
        {
            _isDisposed = true;
            (all, running) = ([.. _all], [.. _running]);
            _all.Clear();
            _byScope.Clear();
        }

        _timer?.Dispose();
        foreach (var retrieval in all) retrieval.Cancel();
        await Task.WhenAll(running);
        foreach (var retrieval in all) await retrieval.Folder.DeleteAsync();
    }

    internal void Grew(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>A reader has passed an object, or has gone: there may be objects to delete.</summary>
    internal void Moved()
    {
        if (Bytes > maxBytes) SignalRoom();
    }

    internal void Left(SharedRetrieval retrieval, bool isLast)
    {
        Moved();
        if (!isLast) return;
        lock (_lock)
        {
            retrieval.LastUsed = clock.GetTimestamp();
            if (_isDisposed) return;
            _timer ??= new SafeTimer(() => _ = EvictAsync(onlyExpired: true), clock);
            _timer.Set(keep, keep < TimeSpan.FromSeconds(1) ? Timeout.InfiniteTimeSpan : keep);
        }

        if (!retrieval.IsOpen) _ = DropAsync(retrieval);
    }

    private SharedReader? TryJoin(RetrievalScope scope)
    {
        if (!_byScope.TryGetValue(scope, out var there) || there.TryJoin() is not { } reader) return null;
        there.LastUsed = clock.GetTimestamp();
        return reader;
    }

    /// <summary>The work of one request continues for others, so its log scope and trace are not passed on.</summary>
    private Task StartAsync(SharedRetrieval retrieval, Func<SharedRetrieval, CancellationToken, Task> retrieve)
    {
        using var _ = ExecutionContext.SuppressFlow();
        return Task.Run(() => RunAsync(retrieval, retrieve));
    }

    private async Task RunAsync(SharedRetrieval retrieval, Func<SharedRetrieval, CancellationToken, Task> retrieve)
    {
        Exception? failure = null;
        try
        {
            await retrieve(retrieval, retrieval.Stopping);
        }
        catch (Exception e)
        {
            failure = e; // for everybody who takes part
            if (!retrieval.Stopping.IsCancellationRequested) onFailure(ScuFaults.Words(e));
        }

        retrieval.End(failure);
        if (failure is null) return;
        lock (_lock)
        {
            if (_byScope.GetValueOrDefault(retrieval.Scope) == retrieval) _byScope.Remove(retrieval.Scope);
        }

        await DropAsync(retrieval);
    }

    /// <summary>Deletes unused objects, the longest unused first.</summary>
    /// <returns>Whether something was deleted.</returns>
    private async Task<bool> EvictAsync(bool onlyExpired)
    {
        List<SharedRetrieval> unused;
        lock (_lock)
        {
            var candidates = _all.Where(r => !r.IsInUse && (!onlyExpired || clock.GetElapsedTime(r.LastUsed) >= keep));
            unused = [.. candidates.OrderBy(r => r.LastUsed).Take(onlyExpired ? int.MaxValue : 1)];
        }

        var any = false;
        foreach (var retrieval in unused) any |= await DropAsync(retrieval);
        return any;
    }

    /// <summary>Deletes the objects of a retrieval that is not in use.</summary>
    private async Task<bool> DropAsync(SharedRetrieval retrieval)
    {
        lock (_lock)
        {
            if (retrieval.IsInUse || !_all.Remove(retrieval)) return false;
            if (_byScope.GetValueOrDefault(retrieval.Scope) == retrieval) _byScope.Remove(retrieval.Scope);
        }

        Free(retrieval.Length);
        await retrieval.Folder.DeleteAsync();
        return true;
    }

    /// <summary>Objects have been deleted. Each retrieval that waits looks again, whichever retrieval they belonged to.</summary>
    private void Free(long bytes)
    {
        if (bytes == 0) return;
        Interlocked.Add(ref _bytes, -bytes);
        SignalRoom();
    }

    private void SignalRoom()
    {
        lock (_lock)
        {
            _room.TrySetResult();
            _room = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
