namespace Harmony.Testing;

/// <summary>Ends waits that a fault would make endless. Never a measure of time: the limit is far above what any test needs.</summary>
public static class Guard
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Guarded(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>A completion source that never runs continuations inline.</summary>
    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A token that trips at the limit.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Limit).Token;
}
