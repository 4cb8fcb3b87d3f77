using System.Security.Cryptography;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>
/// The options of a <c>basic_auth</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method basic or bearer that it refers to.
/// </summary>
public sealed record BasicAuthOptions : ConfigNode
{
    /// <summary>User name.</summary>
    public string? Username { get; init; }

    /// <summary>Password of that user.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>Hash of the password instead of the password, as <c>harmony hash-password</c> prints it.</summary>
    [Secret]
    public string? PasswordHash { get; init; }

    /// <summary>File with a line <c>user:password</c>, instead of <c>username</c> and <c>password</c>.</summary>
    [NotEmpty]
    public string? CredentialsPath { get; init; }

    /// <summary>File with one line <c>user:hash</c> per user; <c>harmony hash-password</c> prints the hashes.</summary>
    [NotEmpty]
    public string? UsersFile { get; init; }

    /// <summary>Token that is also accepted, as <c>Authorization: Bearer</c>.</summary>
    [Secret]
    public string? Token { get; init; }

    /// <summary>File with that token.</summary>
    [NotEmpty]
    public string? TokenPath { get; init; }

    /// <summary>Realm in the <c>WWW-Authenticate</c> header; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Passes requests without credentials on to the next middleware, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Sends the credentials to backends, too.</summary>
    public bool ForwardCredentials { get; init; }
}

/// <summary>
/// Admits requests with a user name and its password (RFC 7617), or with the token. A password that matched its slow hash is remembered for a
/// while by a keyed digest, so that it costs its time once and not with each request.
/// </summary>
/// <param name="settings">What all steps have.</param>
/// <param name="credentials">Who is let in.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="renewed">Reads the credentials again, null where a file cannot be read; itself null where no file holds any.</param>
internal sealed class BasicAuthMiddleware(
    StepSettings settings, BasicCredentials credentials, TimeProvider clock, Func<BasicCredentials, BasicCredentials?>? renewed)
    : AuthenticationStep(settings, settings.Scheme == "Basic"
        ? ", charset=\"UTF-8\""
        : "", settings.Scheme == "Basic" ? ", charset=\"UTF-8\"" : ", error=\"invalid_token\""), IRenewsCredentials
{
    private const int MaxLength = 1024;
    private const int Remembered = 4096;

    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    private readonly CredentialCache<HashedUser> _verified = new(Remembered, clock);
    private volatile BasicCredentials _credentials = credentials;

    public void RenewCredentials()
    {
        if (renewed is null) return;
        var now = renewed(_credentials);
        if (now is not null) _credentials = now;
        LogRenewal(now is not null);
    }

    protected override ValueTask<Verdict> CheckAsync(RequestEnvelope request, CancellationToken ct)
        => AuthorizationField.Find(request.Headers, "Basic", out var sent) switch
        {
            AuthorizationFinding.Ambiguous => new ValueTask<Verdict>(Verdict.Refuse("the field Authorization is there more than once")),
            AuthorizationFinding.Absent => new ValueTask<Verdict>(CheckToken(request)),
            _ => CheckPair(request, sent.Span, ct),
        };

    protected override void Conceal(RequestEnvelope request)
    {
        var known = _credentials;
        var isOurs = AuthorizationField.Find(request.Headers, "Basic", out _) != AuthorizationFinding.Absent
            || (known.HasToken && AuthorizationField.Find(request.Headers, "Bearer", out var token) == AuthorizationFinding.Found
                && known.FindToken(token.Span) is not null);
        if (isOurs) request.Headers.Remove(AuthorizationField.Name);
    }

    private Verdict CheckToken(RequestEnvelope request)
    {
        var known = _credentials;
        if (!known.HasToken || AuthorizationField.Find(request.Headers, "Bearer", out var token) != AuthorizationFinding.Found) return Verdict.Missing;
        if (known.FindToken(token.Span) is { } identity) return Verdict.Accept(identity);
        // Another token may be one for the next step.
        return IsOptional ? Verdict.Missing : Verdict.Refuse("the token is not the expected token");
    }

    private ValueTask<Verdict> CheckPair(RequestEnvelope request, ReadOnlySpan<char> sent, CancellationToken ct)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        // White space inside, which the decoder passes over, would make several texts of one credential (RFC 9110 §11.2: token68 has none).
        if (sent.Length > MaxLength || sent.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(sent, buffer, out var length))
        {
            return new ValueTask<Verdict>(Verdict.Refuse("the credentials are too long or no base64"));
        }

        var pair = buffer[..length];
        try
        {
            var colon = pair.IndexOf((byte)':');
            if (colon < 0) return new ValueTask<Verdict>(Verdict.Refuse("the credentials have no colon"));
            var known = _credentials;
            var digest = known.DigestOf(pair);
            if ((known.Find(digest) ?? Verified(known, digest)) is { } identity) return new ValueTask<Verdict>(Verdict.Accept(identity));
            if (known.Cost is not { } cost) return new ValueTask<Verdict>(Verdict.Refuse("user name or password is wrong"));
            var name = Encoding.UTF8.GetString(pair[..colon]);
            return CheckHashAsync(PasswordOwner.Of(request, name), known.Hashed.GetValueOrDefault(name), cost, pair[(colon + 1)..].ToArray(), digest, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair);
        }
    }

    /// <summary>Who has shown this pair a while ago, if the user is still there with the same hash.</summary>
    private Identity? Verified(BasicCredentials known, CredentialDigest pair)
        => _verified.Find(pair) is { } user && known.Hashed.TryGetValue(user.Identity.Subject, out var now) && now.Hash.IsSame(user.Hash) ? now.Identity : null;

    private async ValueTask<Verdict> CheckHashAsync(
        PasswordOwner owner, HashedUser? user, PasswordCost cost, byte[] password, CredentialDigest digest, CancellationToken ct)
    {
        if (await PasswordChecks.Shared.MatchesAsync(owner, digest, password, shown => cost.Matches(user?.Hash, shown), ct) is not { } matches)
            return Verdict.Busy;
        if (user is null || !matches) return Verdict.Refuse("user name or password is wrong");
        if (_verified.Find(digest) is null) _verified.Keep(digest, user, clock.GetUtcNow() + RememberedFor);
        return Verdict.Accept(user.Identity);
    }
}
