namespace Harmony.Dicom.Network.Scu;

/// <summary>An idle association of a pool. It leaves the pool after the idle time-out or when the peer closes it.</summary>
internal sealed class IdleAssociation : IDisposable
{
    private readonly CancellationTokenSource _used = new();
    private readonly Action<IdleAssociation> _expired;
    private readonly Task _waiting;
    private int _isTaken;

    public IdleAssociation(ClientAssociation association, string contexts, TimeSpan limit, TimeProvider time, Action<IdleAssociation> expired)
    {
        (Association, Contexts, _expired) = (association, contexts, expired);
        _waiting = WaitAsync(limit, time);
    }

    /// <summary>The association.</summary>
    public ClientAssociation Association { get; }

    /// <summary>What was proposed for it.</summary>
    public string Contexts { get; }

    /// <summary>Takes it into use.</summary>
    /// <returns>False if it has ended, or is about to.</returns>
    public async ValueTask<bool> TryUseAsync()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0) return false;
        await StopWaitingAsync();
        return Association.IsOpen;
    }

    /// <summary>Ends it.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 0) await StopWaitingAsync();
        await Association.DisposeAsync();
    }

    public void Dispose() => _used.Dispose();

    private async ValueTask StopWaitingAsync()
    {
        await _used.CancelAsync();
        await _waiting;
        Dispose();
    }

    private async Task WaitAsync(TimeSpan limit, TimeProvider time)
    {
        try
        {
            await Association.Completion.WaitAsync(limit, time, _used.Token);
        }
        catch (TimeoutException)
        {
            // The idle time-out has passed.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (Interlocked.Exchange(ref _isTaken, 1) != 0) return;
        _expired(this);
        await Association.DisposeAsync();
        Dispose();
    }
}
