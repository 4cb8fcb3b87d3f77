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

    /// <summary>Completes when all of it has ended.</summary>
    public Task AllAsync()
    {
        lock (_lock) return Task.WhenAll(_running);
    }
}
