namespace Harmony.Dicom.Network.Sessions;

/// <summary>A request of the peer that is being performed, or waits for those before it. C-CANCEL ends it, once it is performed.</summary>
internal sealed class PerformedRequest : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _canceled = new();
    private bool _isDisposed;

    public PerformedRequest(IncomingRequest incoming) => Incoming = incoming with { CancelRequested = _canceled.Token };

    /// <summary>The request.</summary>
    public IncomingRequest Incoming { get; }

    /// <summary>Whether too many wait for this one to be performed.</summary>
    public bool IsRefused { get; set; }

    public Task CancelAsync()
    {
        lock (_lock) return _isDisposed ? Task.CompletedTask : _canceled.CancelAsync();
    }

    public void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _canceled.Dispose();
    }
}
