namespace Harmony.Core.Runtime;

/// <summary>
/// What outlives a configuration: counters, health states, pools. One for each process. A snapshot takes what it needs by key while it is
/// built (<see cref="Begin"/>) and lets go when it is disposed; what a newer snapshot has taken by then stays, with everything in it.
/// </summary>
/// <remarks>
/// Unused state is not carried: state of the last snapshot that let go of it is forgotten, and disposed if it can be. So a reload
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

/// <summary>Finds a state again after a reload.</summary>
/// <param name="Type">The state's type.</param>
/// <param name="Owner">Whose it is: <c>main.toml/access/internal/per_minute</c>.</param>
/// <param name="Settings">What it was made for, compared by value: with other settings a new state begins.</param>
internal readonly record struct CarriedKey(Type Type, string Owner, object? Settings);

/// <summary>The states that one snapshot has taken from <see cref="CarriedState"/>; disposed with the snapshot.</summary>
public sealed class CarriedUse : IAsyncDisposable
{
    private readonly CarriedState _all;
    private readonly Dictionary<CarriedKey, object> _taken = [];

    internal CarriedUse(CarriedState all) => _all = all;

    /// <summary>
    /// The state that an earlier configuration made for the same owner and settings, or a new one. Only while a configuration is built:
    /// not safe for concurrent use.
    /// </summary>
    /// <typeparam name="T">What it is; safe for concurrent use, because the old configuration's requests and the new one's share it.</typeparam>
    /// <param name="owner">Whose it is, unique in a configuration: file, module's name, and what there is below.</param>
    /// <param name="settings">What it is made for; a value that compares by value, such as a record. Null when nothing matters.</param>
    /// <param name="create">Makes it where there is none.</param>
    public T Get<T>(string owner, object? settings, Func<T> create)
        where T : class
    {
        var key = new CarriedKey(typeof(T), owner, settings);
        if (_taken.TryGetValue(key, out var mine)) return (T)mine;
        var state = _all.Take(key, create);
        _taken[key] = state;
        return state;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var taken = _taken.Keys.ToList();
        _taken.Clear();
        foreach (var key in taken) await _all.LetGoAsync(key);
    }
}
