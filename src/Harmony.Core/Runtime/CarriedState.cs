namespace Harmony.Core.Runtime;

/// <summary>
/// What outlives a configuration: counters, health states, pools. One for each process. A snapshot takes what it needs by key while it is
/// built (<see cref="Begin"/>) and lets go when it is disposed; what a newer snapshot has taken by then stays, with everything in it.
/// </summary>
/// <remarks>
/// Nothing is carried that nobody uses: state of the last snapshot that let go of it is forgotten, and disposed if it can be. So a reload
/// that fails leaves nothing behind, and a thousand reloads keep what one keeps.
/// </remarks>
public sealed class CarriedState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CarriedKey, Shared> _all = [];

    /// <summary>States that are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _all.Count;
        }
    }

    /// <summary>What one snapshot takes and lets go of.</summary>
    public CarriedUse Begin() => new(this);

    internal T Take<T>(CarriedKey key, Func<T> create)
        where T : class
    {
        lock (_lock)
        {
            if (!_all.TryGetValue(key, out var shared)) _all[key] = shared = new Shared(create());
            shared.Users++;
            return (T)shared.State;
        }
    }

    internal ValueTask LetGoAsync(CarriedKey key)
    {
        object? unused = null;
        lock (_lock)
        {
            var shared = _all[key];
            if (--shared.Users == 0 && _all.Remove(key)) unused = shared.State;
        }

        if (unused is IAsyncDisposable asynchronous) return asynchronous.DisposeAsync();
        (unused as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Shared(object state)
    {
        public object State { get; } = state;

        public int Users { get; set; }
    }
}
