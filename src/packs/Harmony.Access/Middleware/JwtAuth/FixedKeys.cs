using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>The one key that the configuration gives, or a file of it.</summary>
/// <param name="key">The key.</param>
/// <param name="renewed">Reads the key again; null where it does not come from a file, or the file holds none that can be used.</param>
internal sealed class FixedKeys(VerificationKey key, Func<VerificationKey?>? renewed = null) : IKeySource
{
    private volatile KeySet _current = new([key]);

    public KeySet Current => _current;

    public bool? Renew()
    {
        if (renewed is null) return null;
        if (renewed() is not { } now) return false;
        _current = new KeySet([now]);
        return true;
    }

    public ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct) => new(_current);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
