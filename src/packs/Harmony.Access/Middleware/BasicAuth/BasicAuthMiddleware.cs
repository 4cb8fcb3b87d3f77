using System.Security.Cryptography;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>
/// Lets pass who knows a user name and its password (RFC 7617), or the token. A password found good by its slow hash is remembered for a
/// while by a keyed digest, so that it costs its time once and not with each request.
/// </summary>
internal sealed class BasicAuthMiddleware(StepSettings settings, BasicCredentials credentials, TimeProvider clock)
    : AuthenticationStep(settings, settings.Scheme == "Basic" ? ", charset=\"UTF-8\"" : "", settings.Scheme == "Basic" ? ", charset=\"UTF-8\"" : ", error=\"invalid_token\"")
{
    private const int MaxLength = 1024;
    private const int Remembered = 4096;

    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    private readonly CredentialCache<Identity> _verified = new(Remembered, clock);

    protected override ValueTask<Verdict> CheckAsync(RequestEnvelope request, CancellationToken ct)
        => AuthorizationField.Find(request.Headers, "Basic", out var sent) switch
        {
            AuthorizationFinding.Ambiguous => new ValueTask<Verdict>(Verdict.Refuse("the field Authorization is there more than once")),
            AuthorizationFinding.Absent => new ValueTask<Verdict>(CheckToken(request)),
            _ => CheckPair(sent.Span, ct),
        };

    protected override void Conceal(RequestEnvelope request)
    {
        var isOurs = AuthorizationField.Find(request.Headers, "Basic", out _) != AuthorizationFinding.Absent
            || (credentials.HasToken && AuthorizationField.Find(request.Headers, "Bearer", out var token) == AuthorizationFinding.Found
                && credentials.FindToken(token.Span) is not null);
        if (isOurs) request.Headers.Remove(AuthorizationField.Name);
    }

    private Verdict CheckToken(RequestEnvelope request)
    {
        if (!credentials.HasToken || AuthorizationField.Find(request.Headers, "Bearer", out var token) != AuthorizationFinding.Found) return Verdict.Missing;
        if (credentials.FindToken(token.Span) is { } identity) return Verdict.Accept(identity);
        // Another token may be one for the next step.
        return IsOptional ? Verdict.Missing : Verdict.Refuse("the token is not the one expected");
    }

    private ValueTask<Verdict> CheckPair(ReadOnlySpan<char> sent, CancellationToken ct)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        if (sent.Length > MaxLength || !Convert.TryFromBase64Chars(sent, buffer, out var length))
        {
            return new ValueTask<Verdict>(Verdict.Refuse("the credentials are too long or no base64"));
        }

        var pair = buffer[..length];
        try
        {
            var colon = pair.IndexOf((byte)':');
            if (colon < 0) return new ValueTask<Verdict>(Verdict.Refuse("the credentials have no colon"));
            var digest = credentials.DigestOf(pair);
            if ((credentials.Find(digest) ?? _verified.Find(digest)) is { } identity) return new ValueTask<Verdict>(Verdict.Accept(identity));
            if (credentials.Decoy is not { } decoy) return new ValueTask<Verdict>(Verdict.Refuse("user name or password is wrong"));
            var user = credentials.Hashed.GetValueOrDefault(Encoding.UTF8.GetString(pair[..colon]));
            return CheckHashAsync(user, user?.Hash ?? decoy, pair[(colon + 1)..].ToArray(), digest, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair);
        }
    }

    private async ValueTask<Verdict> CheckHashAsync(HashedUser? user, PasswordHash hash, byte[] password, CredentialDigest digest, CancellationToken ct)
    {
        try
        {
            var matches = await PasswordChecks.MatchesAsync(hash, password, () => _verified.Find(digest) is not null, ct);
            if (user is null || !matches) return Verdict.Refuse("user name or password is wrong");
            if (_verified.Find(digest) is null) _verified.Keep(digest, user.Identity, clock.GetUtcNow() + RememberedFor);
            return Verdict.Accept(user.Identity);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
