namespace Harmony.Core.Runtime;

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
