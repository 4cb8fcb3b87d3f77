using Harmony.Access.Authentication;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>
/// Lets pass who shows a JSON Web Token (RFC 7519) of a trusted issuer. A token that has been verified is remembered by its digest until it
/// expires, or until the issuer's keys change.
/// </summary>
internal sealed class JwtAuthMiddleware : AuthenticationStep, IRenewsCredentials, IAsyncDisposable
{
    /// <summary>How long a token is remembered that does not have to say when it expires.</summary>
    private static readonly TimeSpan RememberedWithoutExpiry = TimeSpan.FromMinutes(5);

    private readonly JwtVerification _verification;
    private readonly KeySources _sources;
    private readonly TimeProvider _clock;
    private readonly IDisposable? _client;
    private readonly CredentialCache<VerifiedToken> _verified;

    /// <param name="settings">What all steps have.</param>
    /// <param name="verification">What tokens must be.</param>
    /// <param name="sources">The keys.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="client">Fetches keys; belongs to the middleware. Null when nothing is fetched.</param>
    public JwtAuthMiddleware(StepSettings settings, JwtVerification verification, KeySources sources, TimeProvider clock, IDisposable? client)
        : base(settings, refused: ", error=\"invalid_token\"")
    {
        (_verification, _sources, _clock, _client) = (verification, sources, clock, client);
        _verified = new CredentialCache<VerifiedToken>(verification.CacheSize, clock);
    }

    /// <inheritdoc cref="Core.Modules.IMiddleware.Activate"/>
    public override void Activate() => _sources.Activate();

    public void RenewCredentials()
    {
        if (_sources.Renew() is { } isRenewed) LogRenewal(isRenewed);
    }

    public async ValueTask DisposeAsync()
    {
        await _sources.DisposeAsync();
        _client?.Dispose();
    }

    protected override ValueTask<Verdict> CheckAsync(RequestEnvelope request, CancellationToken ct)
    {
        switch (AuthorizationField.Find(request.Headers, "Bearer", out var token))
        {
            case AuthorizationFinding.Absent:
                return new ValueTask<Verdict>(Verdict.Missing);
            case AuthorizationFinding.Ambiguous:
                return new ValueTask<Verdict>(Verdict.Refuse("the field Authorization is there more than once"));
        }

        if (token.Length > _verification.MaxTokenBytes)
        {
            return new ValueTask<Verdict>(Verdict.Refuse($"the token is longer than max_token_bytes = {_verification.MaxTokenBytes}"));
        }

        // A token of another kind may be one for the next step.
        if (IsOptional && !CompactJws.HasForm(token.Span)) return new ValueTask<Verdict>(Verdict.Missing);
        var digest = CredentialDigest.Of(token.Span);
        return _verified.Find(digest) is { IsCurrent: true } known
            ? new ValueTask<Verdict>(Verdict.Accept(known.Identity))
            : VerifyAsync(token, digest, ct);
    }

    protected override void Conceal(RequestEnvelope request)
    {
        if (AuthorizationField.Find(request.Headers, "Bearer", out _) != AuthorizationFinding.Absent) request.Headers.Remove(AuthorizationField.Name);
    }

    private async ValueTask<Verdict> VerifyAsync(ReadOnlyMemory<char> token, CredentialDigest digest, CancellationToken ct)
    {
        if (!CompactJws.TryParse(token.Span, out var jws, out var reason)) return Verdict.Refuse(reason);
        if (JwtRules.ReasonAgainst(jws.Header) is { } unfit) return Verdict.Refuse(unfit);
        if (_verification.Algorithm(jws.Header) is not { } algorithm) return Verdict.Refuse("the algorithm is not accepted");
        if (!JwtClaims.TryParse(jws.Payload, out var claims, out reason)) return Verdict.Refuse(reason);
        if (_sources.For(claims.Issuer) is not { } source) return Verdict.Refuse("the issuer is not trusted");

        var keys = source.Current;
        if (!IsSignedBy(keys, jws, algorithm))
        {
            var newer = await source.NewerAsync(keys, ct);
            if (ReferenceEquals(newer, KeySet.Empty)) return Verdict.Unknown("the keys of the issuer have not been fetched yet");
            if (ReferenceEquals(newer, keys) || !IsSignedBy(newer, jws, algorithm)) return Verdict.Refuse("no key of the issuer has signed the token so");
            keys = newer;
        }

        var now = _clock.GetUtcNow();
        if (_verification.Rules.ReasonAgainst(claims, now) is { } invalid) return Verdict.Refuse(invalid);
        var identity = ClaimIdentity.Of("jwt", claims.Subject ?? "", claims.All);
        var expires = _verification.Rules.ValidatesExpiry ? claims.Expires!.Value + _verification.Rules.Leeway : now + RememberedWithoutExpiry;
        _verified.Keep(digest, new VerifiedToken(identity, source, keys), expires);
        return Verdict.Accept(identity);
    }

    private static bool IsSignedBy(KeySet keys, CompactJws jws, JwsAlgorithm algorithm)
    {
        foreach (var key in keys.Candidates(jws.Header, algorithm))
        {
            if (key.Verify(algorithm, jws.Signed, jws.Signature)) return true;
        }

        return false;
    }
}

/// <summary>What tokens must be.</summary>
/// <param name="Algorithms">The algorithms accepted.</param>
/// <param name="Rules">What their claims must be.</param>
/// <param name="MaxTokenBytes">Longest token.</param>
/// <param name="CacheSize">How many verified tokens are remembered.</param>
internal sealed record JwtVerification(AcceptedAlgorithms Algorithms, JwtRules Rules, int MaxTokenBytes, int CacheSize)
{
    /// <summary>The algorithm a header names, if it is accepted. Whether a key serves it is the key's to say.</summary>
    public JwsAlgorithm? Algorithm(JoseHeader header)
    {
        foreach (var algorithm in Algorithms.Listed)
        {
            if (algorithm.Name == header.Algorithm) return algorithm;
        }

        return null;
    }
}

/// <summary>What is remembered of a token whose signature has been verified.</summary>
/// <param name="Identity">Who it is for.</param>
/// <param name="Source">Where the keys are from.</param>
/// <param name="Keys">The keys it was verified with.</param>
internal sealed record VerifiedToken(Identity Identity, IKeySource Source, KeySet Keys)
{
    /// <summary>Whether those are still the keys of its issuer.</summary>
    public bool IsCurrent => ReferenceEquals(Source.Current, Keys);
}
