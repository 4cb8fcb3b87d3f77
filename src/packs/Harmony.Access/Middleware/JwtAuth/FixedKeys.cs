using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>The one key that the configuration gives.</summary>
/// <param name="key">The key.</param>
internal sealed class FixedKeys(VerificationKey key) : IKeySource
{
    public KeySet Current { get; } = new([key]);

    public ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct) => new(than);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
