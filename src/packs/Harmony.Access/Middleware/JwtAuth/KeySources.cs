using System.Collections.Frozen;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>The key sources of a middleware: one for all tokens, or one for each issuer.</summary>
internal sealed class KeySources : IAsyncDisposable
{
    private readonly IKeySource? _only;
    private readonly FrozenDictionary<string, IKeySource> _byIssuer;

    /// <param name="only">The keys of all tokens.</param>
    public KeySources(IKeySource only) => (_only, _byIssuer) = (only, FrozenDictionary<string, IKeySource>.Empty);

    /// <param name="byIssuer">The keys of each issuer.</param>
    public KeySources(IReadOnlyDictionary<string, IKeySource> byIssuer) => _byIssuer = byIssuer.ToFrozenDictionary(StringComparer.Ordinal);

    private IEnumerable<IKeySource> All => _only is null ? _byIssuer.Values : [_only];

    /// <summary>The keys for tokens that claim to be of an issuer; null for one that is not configured. The claim is not believed yet, it only chooses.</summary>
    public IKeySource? For(string? issuer) => _only ?? (issuer is null ? null : _byIssuer.GetValueOrDefault(issuer));

    /// <summary>Begins to keep the keys fresh.</summary>
    public void Activate()
    {
        foreach (var source in All) source.Activate();
    }

    /// <inheritdoc cref="IKeySource.Renew"/>
    public bool? Renew() => _only?.Renew();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in All) await source.DisposeAsync();
    }
}
