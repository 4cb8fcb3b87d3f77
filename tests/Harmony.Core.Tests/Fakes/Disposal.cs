namespace Harmony.Core.Tests.Fakes;

/// <summary>Counts how often it was disposed.</summary>
internal sealed class Disposal : IAsyncDisposable
{
    private int _count;

    public int Count => _count;

    public Exception? Failure { get; init; }

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _count);
        return Failure is null ? default : ValueTask.FromException(Failure);
    }
}
