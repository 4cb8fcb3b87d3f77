namespace Harmony.Gateway.Hosting;

/// <summary>Work that goes on by itself and is waited for at the end.</summary>
internal sealed class BackgroundTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How much goes on now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    /// <summary>Takes over work that has begun; it is forgotten when it has come to its end.</summary>
    public void Add(Task work)
    {
        lock (_lock) _running.Add(work);
        work.GetAwaiter().OnCompleted(() =>
        {
            lock (_lock) _running.Remove(work);
        });
    }

    /// <summary>Completes when all of it has ended, in whatever way.</summary>
    public async Task AllAsync()
    {
        Task all;
        lock (_lock) all = Task.WhenAll(_running);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
