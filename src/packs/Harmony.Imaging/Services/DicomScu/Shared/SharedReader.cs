using Harmony.Imaging.Dicom.Archives;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>One who takes part in a retrieval.</summary>
/// <param name="retrieval">The retrieval.</param>
internal sealed class SharedReader(SharedRetrieval retrieval) : ISharedObjects
{
    private int _next;
    private bool _isServed;
    private int _isDisposed;

    /// <summary>Objects that it needs no more.</summary>
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
