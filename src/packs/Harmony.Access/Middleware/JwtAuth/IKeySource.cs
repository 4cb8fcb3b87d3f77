using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>Where the keys of one issuer come from.</summary>
internal interface IKeySource : IAsyncDisposable
{
    /// <summary>The keys known now; <see cref="KeySet.Empty"/> itself when none have ever been.</summary>
    KeySet Current { get; }

    /// <summary>Begins to keep the keys fresh.</summary>
    void Activate()
    {
    }

    /// <summary>Reads keys from their file again; null where none come from a file, false where the file has none that can be used.</summary>
    bool? Renew() => null;

    /// <summary>Keys newer than those given, or the same ones when there are none or it is too early to ask.</summary>
    ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct);
}
