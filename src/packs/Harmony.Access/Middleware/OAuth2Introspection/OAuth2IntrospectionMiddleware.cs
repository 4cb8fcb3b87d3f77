using System.Buffers;
using Harmony.Access.Authentication;
using Harmony.Core.Credentials;
using Harmony.Core.Egress;
using Harmony.Core.Envelope;
using Harmony.Jose;

namespace Harmony.Access.Middleware.OAuth2Introspection;

/// <summary>
/// Lets pass who shows a token that an authorization server calls active. Its answers are remembered for a while by the token's digest. When
/// it cannot be asked, only remembered tokens pass.
/// </summary>
internal sealed class OAuth2IntrospectionMiddleware(
    StepSettings settings, IntrospectionEndpoint endpoint, KnownTokens tokens, JwtRules rules, OAuth2IntrospectionOptions options, TimeProvider clock)
    : AuthenticationStep(settings, refused: ", error=\"invalid_token\""), IAsyncDisposable
{
    /// <summary>RFC 6750 §2.1.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    public override bool ActsOutside => true;

    public ValueTask DisposeAsync()
    {
        endpoint.Dispose();
        return ValueTask.CompletedTask;
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

        if (token.Length == 0 || token.Length > options.MaxTokenBytes || token.Span.ContainsAnyExcept(TokenCharacters))
        {
            return new ValueTask<Verdict>(
                Verdict.Refuse($"the token is empty, longer than max_token_bytes = {options.MaxTokenBytes}, or has characters that no token has"));
        }

        var digest = CredentialDigest.Of(token.Span);
        if (tokens.Active.Find(digest) is { } known) return new ValueTask<Verdict>(Verdict.Accept(known));
        return tokens.Inactive.Find(digest) is { } reason ? new ValueTask<Verdict>(Verdict.Refuse(reason)) : AskAsync(token, digest, ct);
    }

    protected override void Conceal(RequestEnvelope request)
    {
        if (AuthorizationField.Find(request.Headers, "Bearer", out _) != AuthorizationFinding.Absent) request.Headers.Remove(AuthorizationField.Name);
    }

    private async ValueTask<Verdict> AskAsync(ReadOnlyMemory<char> token, CredentialDigest digest, CancellationToken ct)
    {
        try
        {
            var answer = await endpoint.AskAsync(token.ToString(), ct);
            var now = clock.GetUtcNow();
            if (answer is not { } members) return Refuse(digest, "the token is not active", now);
            if (!JwtClaims.TryRead(members, out var claims, out var unreadable)) return Refuse(digest, unreadable, now);
            return rules.ReasonAgainst(claims, now) is { } reason ? Refuse(digest, reason, now) : Accept(digest, claims, now);
        }
        catch (EgressException e)
        {
            return Verdict.Unknown(e.Message);
        }
    }

    private Verdict Accept(in CredentialDigest digest, JwtClaims claims, DateTimeOffset now)
    {
        var identity = ClaimIdentity.Of("oauth2", Subject(claims), claims.All);
        var until = now.AddSeconds(options.CacheSecs);
        if (claims.Expires is { } expires && expires + rules.Leeway < until) until = expires + rules.Leeway;
        if (options.CacheSecs > 0) tokens.Active.Keep(digest, identity, until);
        return Verdict.Accept(identity);
    }

    private Verdict Refuse(in CredentialDigest digest, string reason, DateTimeOffset now)
    {
        if (options.NegativeCacheSecs > 0) tokens.Inactive.Keep(digest, reason, now.AddSeconds(options.NegativeCacheSecs));
        return Verdict.Refuse(reason);
    }

    /// <summary>The subject of the token: a person, or a program of its own right.</summary>
    private static string Subject(JwtClaims claims)
    {
        if (claims.Subject is { } subject) return subject;
        return StrictJson.TryText(claims.All, "username", out var user) && user is not null ? user
            : StrictJson.TryText(claims.All, "client_id", out var program) && program is not null ? program
            : "";
    }
}
