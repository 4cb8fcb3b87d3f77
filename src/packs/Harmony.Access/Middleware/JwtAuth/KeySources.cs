using System.Collections.Frozen;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;
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

    /// <summary>
    /// The keys for tokens that claim to be of an issuer; null for one that is not configured. The claim is not believed yet, it only chooses.
    /// </summary>
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

/// <summary>Gets a key set from its URL, or from the URL that its issuer publishes (OpenID Connect Discovery 1.0 §4).</summary>
internal sealed class KeyDocument
{
    private const string WellKnown = "/.well-known/openid-configuration";

    private readonly EgressClient _client;
    private readonly EgressPolicySection _egress;
    private readonly Uri _url;
    private readonly string? _issuer;

    private KeyDocument(EgressClient client, EgressPolicySection egress, Uri url, string? issuer)
        => (_client, _egress, _url, _issuer) = (client, egress, url, issuer);

    /// <summary>Who is asked, for the log.</summary>
    public string Host => _url.Host;

    /// <summary>Which document it is: its URL, or that of the issuer's discovery document and the issuer.</summary>
    public (string Url, string? Issuer) Source => (_url.AbsoluteUri, _issuer);

    /// <summary>A key set at a URL.</summary>
    public static KeyDocument At(Uri url, EgressClient client, EgressPolicySection egress) => new(client, egress, url, null);

    /// <summary>The key set of an issuer.</summary>
    public static KeyDocument Of(string issuer, EgressClient client, EgressPolicySection egress)
        => new(client, egress, new Uri(issuer.TrimEnd('/') + WellKnown), issuer);

    /// <summary>Gets the set.</summary>
    /// <exception cref="EgressException">It cannot be had.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(CancellationToken ct)
        => await GetAsync(_issuer is null ? _url : await DiscoverAsync(_issuer, ct), ct);

    private async Task<Uri> DiscoverAsync(string issuer, CancellationToken ct)
    {
        var document = await GetAsync(_url, ct);
        if (!StrictJson.TryParse(document, out var root)) throw Unusable("its discovery document is no JSON object");
        // §4.3: the document must name the issuer that was asked for.
        if (!StrictJson.TryText(root, "issuer", out var named) || named != issuer) throw Unusable("its discovery document names another issuer");
        if (!StrictJson.TryText(root, "jwks_uri", out var text) || !Uri.TryCreate(text, UriKind.Absolute, out var url))
            throw Unusable("its discovery document has no 'jwks_uri'");
        if (HttpsRule.ReasonAgainst(url, _egress) is { } reason) throw new EgressException(EgressFailure.Denied, reason);
        return url;
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(Uri url, CancellationToken ct)
    {
        var response = await _client.GetAsync(url, ct);
        return response.IsSuccess ? response.Body : throw Unusable($"it responded with {response.Status}");
    }

    private EgressException Unusable(string reason) => new(EgressFailure.Protocol, $"'{Host}' gave no keys: {reason}");
}
