using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>The associations with one peer.</summary>
internal sealed class AssociationPoolBucket(DicomPeer peer, AssociationPoolOptions options, DicomClient client) : IDisposable
{
    /// <summary>A peer may count an association for a moment after its end: so long it is asked again, with pauses.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(options.MaxPerPeer);
    private readonly List<IdleAssociation> _idle = [];
    private readonly Dictionary<ClientAssociation, string> _contextsOf = [];
    private readonly Queue<TaskCompletionSource> _waiting = new(); // for an association that is in use, since the peer takes no more
    private int _opening;
    private long? _endedAt; // when this side ended one last
    private bool _isClosed;
    private int _proven = 1; // so many associations at once the peer has taken before

    public async ValueTask<PooledAssociation> RentAsync(IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var key = KeyOf(contexts);
            while (true)
            {
                if (await TryReuseAsync(key) is { } kept) return kept;
                // Idle associations count against the peer's limit. Close one first: a peer that accepts one at a time would leave our request waiting.
                if (TakeSurplus() is { } surplus) await EndAsync(surplus);
                try
                {
                    return await OpenAsync(contexts, key, ct);
                }
                catch (AssociationRejectedException e) when (e.IsTransient)
                {
                    // The peer takes no more for now. An association of ours makes room when its operation is over, or at once if it is idle.
                    var (idle, turn) = FindRoom();
                    if (idle is not null) await EndAsync(idle);
                    else if (turn is not null) await WaitAsync(turn, ct);
                    else if (IsSettling) await Task.Delay(Pause, Time, ct);
                    else throw;
                }
            }
        }
        catch
        {
            WakeOne(); // with the turn of this request, which has no use for it
            _free.Release();
            throw;
        }
    }

    public async ValueTask ReturnAsync(ClientAssociation association)
    {
        // What the peer has refused once it may take when it is asked anew: it would never be, as long as the association is used.
        var isKept = association is { IsOpen: true, IsBusy: false, LacksContext: false };
        lock (_lock)
        {
            _contextsOf.Remove(association, out var key);
            isKept &= !_isClosed;
            if (isKept) _idle.Add(new IdleAssociation(association, key!, options.IdleTimeout, client.Options.TimeProvider, Forget));
            else NoteEnd();
        }

        try
        {
            if (!isKept) await EndAsync(association);
        }
        finally
        {
            WakeOne();
            _free.Release();
        }
    }

    public async ValueTask CloseAsync()
    {
        IdleAssociation[] idle;
        lock (_lock)
        {
            _isClosed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var association in idle) await association.ReleaseAsync();
    }

    public void Dispose() => _free.Dispose();

    /// <summary>The last that was given back: it is the least likely to have been closed by the peer.</summary>
    private IdleAssociation? Take(string key)
    {
        lock (_lock)
        {
            var index = _idle.FindLastIndex(i => i.Contexts == key);
            if (index < 0) return null;
            var taken = _idle[index];
            _idle.RemoveAt(index);
            _contextsOf[taken.Association] = key;
            return taken;
        }
    }

    private IdleAssociation? TakeSurplus()
    {
        lock (_lock)
        {
            if (_idle.Count + _contextsOf.Count < Math.Min(options.MaxPerPeer, _proven) || _idle.Count == 0) return null;
            return TakeOldest();
        }
    }

    /// <summary>An idle association that is still open. Those that the peer has closed are ended on the way.</summary>
    private async ValueTask<PooledAssociation?> TryReuseAsync(string key)
    {
        while (Take(key) is { } kept)
        {
            if (await kept.TryUseAsync()) return new PooledAssociation(this, kept.Association, isReused: true);
            lock (_lock)
            {
                _contextsOf.Remove(kept.Association);
                NoteEnd();
            }

            await EndAsync(kept.Association);
        }

        return null;
    }

    private async ValueTask<PooledAssociation> OpenAsync(IReadOnlyList<ContextProposal> contexts, string key, CancellationToken ct)
    {
        Interlocked.Increment(ref _opening);
        ClientAssociation association;
        try
        {
            association = await client.ConnectAsync(peer, contexts, ct);
        }
        catch
        {
            Interlocked.Decrement(ref _opening);
            throw;
        }

        lock (_lock)
        {
            Interlocked.Decrement(ref _opening);
            _contextsOf[association] = key;
            _proven = Math.Max(_proven, _idle.Count + _contextsOf.Count);
        }

        return new PooledAssociation(this, association, isReused: false);
    }

    /// <summary>An idle association, or else a turn to wait for one that is in use or about to be; neither when there is none.</summary>
    private (IdleAssociation? Idle, TaskCompletionSource? Turn) FindRoom()
    {
        lock (_lock)
        {
            if (_idle.Count > 0)
            {
                return (TakeOldest(), null);
            }

            if (_contextsOf.Count + Volatile.Read(ref _opening) == 0) return (null, null);
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return (null, turn);
        }
    }

    /// <summary>Ends the bucket. The lock is held until the end is noted, so that no caller finds a bucket without associations that has not ended.</summary>
    private IdleAssociation TakeOldest()
    {
        var oldest = _idle[0];
        _idle.RemoveAt(0);
        NoteEnd();
        return oldest;
    }

    private bool IsSettling
    {
        get
        {
            lock (_lock) return _endedAt is { } at && Time.GetElapsedTime(at) < Settling;
        }
    }

    private TimeProvider Time => client.Options.TimeProvider;

    private ValueTask EndAsync(IdleAssociation idle) => EndAsync(idle.ReleaseAsync);

    private ValueTask EndAsync(ClientAssociation association) => EndAsync(association.DisposeAsync);

    private async ValueTask EndAsync(Func<ValueTask> end)
    {
        await end();
        NoteEnd();
    }

    private void NoteEnd()
    {
        lock (_lock) _endedAt = Time.GetTimestamp();
    }

    private static async ValueTask WaitAsync(TaskCompletionSource turn, CancellationToken ct)
    {
        try
        {
            await turn.Task.WaitAsync(ct);
        }
        catch
        {
            turn.TrySetCanceled(CancellationToken.None); // its turn goes to the next
            throw;
        }
    }

    private void WakeOne()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var turn) && !turn.TrySetResult())
            {
            }
        }
    }

    private void Forget(IdleAssociation idle)
    {
        lock (_lock)
        {
            _idle.Remove(idle);
            NoteEnd();
        }
    }

    private static string KeyOf(IReadOnlyList<ContextProposal> contexts)
        => string.Join(';', contexts.Select(
            c => $"{c.AbstractSyntax}{(c.IsScu ? "u" : "")}{(c.IsScp ? "p" : "")}={string.Join(',', c.TransferSyntaxes.Select(s => s.Uid))}"));
}
