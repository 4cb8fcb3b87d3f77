using System.Diagnostics.CodeAnalysis;
using Harmony.Dicom.Network;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomScu.Retrieved;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>
/// A retrieval and its readers. It continues as long as a reader waits for objects, or a reader has had what it wanted; it is
/// cancelled when the last has gone without. Its objects stay until the cache lets go of them.
/// </summary>
/// <param name="cache">Whose it is.</param>
/// <param name="scope">What is retrieved.</param>
/// <param name="folder">Where the objects are.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to give back, and readers may ask for its token at any time.")]
internal sealed class SharedRetrieval(RetrievalCache cache, RetrievalScope scope, RetrievalFolder folder)
{
    private readonly Lock _lock = new();
    private readonly List<SharedObject> _objects = [];
    private readonly List<SharedReader> _readers = [];
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = NewSignal();
    private Exception? _failure;
    private bool _isClosed; // no reader can join any more
    private bool _hasServed; // a reader, to the end of what it wanted
    private int _gone; // objects that were deleted, from the first on

    /// <summary>The scope of the retrieval.</summary>
    public RetrievalScope Scope => scope;

    /// <summary>The folder of the objects.</summary>
    public RetrievalFolder Folder => folder;

    /// <summary>Trips when no reader wants the rest.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Bytes of its objects on the disk.</summary>
    public long Length { get; private set; }

    /// <summary>Objects that have come, those that were deleted again included.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _objects.Count;
        }
    }

    /// <summary>Whether all has come, or nothing more will.</summary>
    public bool IsOver { get; private set; }

    /// <summary>When it was last used, as the cache's clock has it.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether others can take part: the retrieval has not failed, is wanted, and its first objects are still there.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock) return !_isClosed;
        }
    }

    /// <summary>Whether the retrieval has users.</summary>
    public bool IsInUse
    {
        get
        {
            lock (_lock) return _readers.Count > 0 || !IsOver;
        }
    }

    /// <summary>Takes part from the first object on; null where that is no longer possible.</summary>
    public SharedReader? TryJoin()
    {
        lock (_lock)
        {
            if (_isClosed) return null;
            var reader = new SharedReader(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>An object has come.</summary>
    public void Add(SharedObject shared)
    {
        lock (_lock)
        {
            _objects.Add(shared);
            Length += shared.Length;
            Signal();
        }

        cache.Grew(shared.Length);
    }

    /// <summary>All has come, or it failed.</summary>
    public void End(Exception? failure)
    {
        lock (_lock)
        {
            (IsOver, _failure) = (true, failure);
            _isClosed |= failure is not null;
            Signal();
        }
    }

    /// <summary>
    /// Deletes objects that all readers have passed, and admits no further readers: for a retrieval that is larger than the cache.
    /// </summary>
    /// <returns>Bytes that are free now.</returns>
    public long DeletePassed()
    {
        List<SharedObject> passed;
        lock (_lock)
        {
            var first = _readers.Count == 0 ? 0 : _readers.Min(r => r.Passed);
            passed = [.. _objects.Skip(_gone).Take(first - _gone)];
            _gone = Math.Max(_gone, first);
            _isClosed |= _gone > 0;
            Length -= passed.Sum(o => o.Length);
        }

        foreach (var shared in passed) File.Delete(shared.Path);
        return passed.Sum(o => o.Length);
    }

    /// <summary>The object at a place, when it has come; null behind the last.</summary>
    public async ValueTask<SharedObject?> AtAsync(int index, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (index < _objects.Count) return _objects[index];
                if (_failure is not null) throw new RetrievalFailedException(_failure);
                if (IsOver) return null;
                changed = _changed.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    /// <summary>Ends the retrieval, whoever takes part.</summary>
    public void Cancel()
    {
        lock (_lock) _isClosed = true;
        _stop.Cancel();
    }

    /// <summary>Ends the retrieval where no reader takes part.</summary>
    public void CancelUnlessRead()
    {
        lock (_lock)
        {
            if (_readers.Count > 0) return;
            _isClosed = true;
        }

        _stop.Cancel();
    }

    /// <summary>A reader has passed an object.</summary>
    public void Moved() => cache.Moved();

    /// <summary>A reader has gone.</summary>
    /// <param name="reader">Which.</param>
    /// <param name="wasServed">Whether it had what it wanted.</param>
    public void Leave(SharedReader reader, bool wasServed)
    {
        bool isLast, isUnwanted;
        lock (_lock)
        {
            _readers.Remove(reader);
            _hasServed |= wasServed;
            isLast = _readers.Count == 0;
            isUnwanted = isLast && !IsOver && !_hasServed;
            _isClosed |= isUnwanted;
        }

        if (isUnwanted) _stop.Cancel();
        cache.Left(this, isLast);
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A retrieval broke off after objects had come, which have been read by then.</summary>
/// <param name="cause">How.</param>
internal sealed class RetrievalBrokenException(DicomNetworkException cause) : DicomNetworkException($"{cause.Message}; objects had come before", cause);

/// <summary>A retrieval that several took part in has failed, for each of them.</summary>
/// <param name="cause">How.</param>
internal sealed class RetrievalFailedException(Exception cause) : DicomNetworkException(cause.Message, cause)
{
    public override bool IsTransient => (InnerException as DicomNetworkException)?.IsTransient ?? false;
}

/// <summary>A user of a retrieval.</summary>
/// <param name="retrieval">The retrieval.</param>
internal sealed class SharedReader(SharedRetrieval retrieval) : ISharedObjects
{
    private int _next;
    private bool _isServed;
    private int _isDisposed;

    /// <summary>Objects that the user has passed.</summary>
    public int Passed => Volatile.Read(ref _next) - 1;

    public async ValueTask<SharedObject?> NextAsync(CancellationToken ct)
    {
        var index = _next;
        _isServed = false; // it wants more
        Volatile.Write(ref _next, index + 1);
        retrieval.Moved();
        var shared = await retrieval.AtAsync(index, ct);
        _isServed = true;
        return shared;
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) retrieval.Leave(this, _isServed);
        return ValueTask.CompletedTask;
    }
}
