using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>The associations with one peer.</summary>
internal sealed class AssociationPoolBucket(DicomPeer peer, AssociationPoolOptions options, DicomClient client) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(options.MaxPerPeer);
    private readonly List<IdleAssociation> _idle = [];
    private readonly Dictionary<ClientAssociation, string> _contextsOf = [];
    private bool _isClosed;
    private int _proven = 1; // so many associations at once the peer has taken before

    public async ValueTask<PooledAssociation> RentAsync(IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var key = KeyOf(contexts);
            while (Take(key) is { } idle)
            {
                if (await idle.TryUseAsync()) return new PooledAssociation(this, idle.Association, isReused: true);
                lock (_lock) _contextsOf.Remove(idle.Association);
                await idle.Association.DisposeAsync();
            }

            // Idle associations count against the peer's limit. Close one first: a peer that accepts one at a time would leave our request waiting.
            if (TakeSurplus() is { } surplus) await surplus.ReleaseAsync();
            var association = await client.ConnectAsync(peer, contexts, ct);
            lock (_lock)
            {
                _contextsOf[association] = key;
                _proven = Math.Max(_proven, _idle.Count + _contextsOf.Count);
            }

            return new PooledAssociation(this, association, isReused: false);
        }
        catch
        {
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
        }

        try
        {
            if (!isKept) await association.DisposeAsync();
        }
        finally
        {
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
            var oldest = _idle[0];
            _idle.RemoveAt(0);
            return oldest;
        }
    }

    private void Forget(IdleAssociation idle)
    {
        lock (_lock) _idle.Remove(idle);
    }

    private static string KeyOf(IReadOnlyList<ContextProposal> contexts)
        => string.Join(';', contexts.Select(c => $"{c.AbstractSyntax}{(c.IsScu ? "u" : "")}{(c.IsScp ? "p" : "")}={string.Join(',', c.TransferSyntaxes.Select(s => s.Uid))}"));
}
