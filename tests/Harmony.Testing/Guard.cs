using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Harmony.Testing;

/// <summary>Ends waits that a fault would make endless. Never a measure of time: the limit is far above what any test needs.</summary>
public static class Guard
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public static Task Guarded(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>A completion source that never runs continuations inline.</summary>
    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A token that trips at the limit. It counts from here: a loop takes it once, or uses <see cref="UntilAsync"/>.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Limit).Token;

    /// <summary>Waits until a condition holds, for what nothing tells of when it happens.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="meanwhile">
    /// What is done before each further look, such as letting a clock go on. The pauses between looks grow: a slow machine gets the time that its real
    /// connections need before the clock of the test has gone past their time-outs.
    /// </param>
    /// <param name="what">The condition's text, for the message.</param>
    /// <exception cref="TimeoutException">The condition does not hold within <see cref="Limit"/>.</exception>
    public static async Task UntilAsync(Func<bool> condition, Action? meanwhile = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var waited = Stopwatch.StartNew();
        for (var pause = ShortestPause; !condition(); pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause)
        {
            if (waited.Elapsed > Limit) throw new TimeoutException($"not within {Limit.TotalSeconds} s: {what}");
            meanwhile?.Invoke();
            await Task.Delay(pause);
        }
    }
}
