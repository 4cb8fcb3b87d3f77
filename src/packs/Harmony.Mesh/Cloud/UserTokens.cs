using Harmony.Jose;

namespace Harmony.Mesh.Cloud;

/// <summary>
/// Verifies the tokens of the cloud's users by the keys that it publishes: RS256 and nothing else. Keys are kept for a while, and asked for again when a
/// token names one that is not known, once a minute at most.
/// </summary>
/// <param name="clock">Tells the time.</param>
internal sealed class UserTokens(TimeProvider clock) : IDisposable
{
    private const int MaxToken = 16 * 1024;

    private static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(1);
    private static readonly AcceptedAlgorithms Accepted = new([JwsAlgorithm.Find("RS256")!]);
    private static readonly JwtRules Rules = new() { Leeway = TimeSpan.FromMinutes(1), RequiredClaims = ["sub"] };

    private readonly SemaphoreSlim _turn = new(1);
    private (Uri Api, KeySet Keys, long At)? _known;

    /// <summary>Verifies a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="settings">The cloud whose user it is.</param>
    /// <param name="api">Asks that cloud.</param>
    /// <param name="ct">Trips when the caller no longer waits.</param>
    /// <returns>The user, or why not; the reason holds nothing of the token.</returns>
    /// <exception cref="CloudException">The keys cannot be had.</exception>
    public async Task<(string? User, string Reason)> VerifyAsync(string token, CloudSettings settings, RunbeamApi api, CancellationToken ct)
    {
        if (token.Length > MaxToken) return (null, "the token is too long");
        if (!CompactJws.TryParse(token, out var jws, out var reason)) return (null, reason);
        if (JwtRules.ReasonAgainst(jws.Header) is { } unfit) return (null, unfit);
        if (jws.Header.Algorithm != "RS256") return (null, "the algorithm is not RS256");
        if (!JwtClaims.TryParse(jws.Payload, out var claims, out reason)) return (null, reason);
        await _turn.WaitAsync(ct);
        try
        {
            if (!IsSigned(await KeysAsync(settings, api, isKnown: keys => keys.Knows(jws.Header.Kid), ct), jws))
                return (null, "no key of the provider has signed the token so");
        }
        finally
        {
            _turn.Release();
        }

        if (Rules.ReasonAgainst(claims, clock.GetUtcNow()) is { } invalid) return (null, invalid);
        var user = claims.Subject!;
        return settings.AllowedUsers.Count == 0 || settings.AllowedUsers.Contains(user, StringComparer.Ordinal)
            ? (user, "")
            : (null, "the user is not among 'allowed_users' of the provider");
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<KeySet> KeysAsync(CloudSettings settings, RunbeamApi api, Predicate<KeySet> isKnown, CancellationToken ct)
    {
        if (_known is { } known && known.Api == settings.Api)
        {
            var age = clock.GetElapsedTime(known.At);
            if (age < settings.KeysFor && (isKnown(known.Keys) || age < BetweenFetches)) return known.Keys;
        }

        var document = await api.KeysAsync(ct);
        if (!JsonWebKeySet.TryParse(document, Accepted, out var keys)) throw new CloudException(CloudFailure.Malformed, $"'{api.Host}' gave no key set");
        _known = (settings.Api, keys, clock.GetTimestamp());
        return keys;
    }

    private static bool IsSigned(KeySet keys, CompactJws jws)
    {
        var algorithm = Accepted.Listed[0];
        return keys.Candidates(jws.Header, algorithm).Any(k => k.Verify(algorithm, jws.Signed, jws.Signature));
    }
}
