using System.Diagnostics;

namespace Harmony.Testing;

/// <summary>
/// Says that work grows no faster than its input. The quickest of several tries counts, for other programs may have the processors meanwhile: what is quadratic
/// or worse is late each time, and what is not is in time once.
/// </summary>
public static class Pace
{
    private const int MostTries = 20;

    /// <summary>Does the work until one try is within the time.</summary>
    /// <param name="limit">The time: far more than a quiet machine needs, far less than work that grows too fast.</param>
    /// <param name="work">The work, which can be done again.</param>
    public static void AssertWithin(TimeSpan limit, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        AssertWithinAsync(limit, () =>
        {
            work();
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    /// <summary>The same, of work that waits.</summary>
    public static async Task AssertWithinAsync(TimeSpan limit, Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var quickest = TimeSpan.MaxValue;
        var total = Stopwatch.StartNew();
        for (var i = 0; i < MostTries && total.Elapsed < Guard.Limit; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            if (watch.Elapsed <= limit) return;
            if (watch.Elapsed < quickest) quickest = watch.Elapsed;
        }

        throw new TimeoutException($"the quickest of the tries took {quickest}; {limit} is the limit");
    }
}
