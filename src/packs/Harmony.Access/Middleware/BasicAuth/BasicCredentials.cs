using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>The users and the token that a <c>basic_auth</c> accepts. Immutable.</summary>
internal sealed class BasicCredentials
{
    private static readonly Identity TokenIdentity = new("bearer", "");

    private readonly byte[] _key;
    private readonly FrozenDictionary<CredentialDigest, Identity> _pairs;
    private readonly CredentialDigest? _token;

    /// <param name="passwords">User names with passwords that stand in the configuration.</param>
    /// <param name="hashes">User names with hashes of passwords.</param>
    /// <param name="token">Token, or null.</param>
    public BasicCredentials(IReadOnlyDictionary<string, string> passwords, IReadOnlyDictionary<string, PasswordHash> hashes, string? token)
        : this(passwords, hashes, token, RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes))
    {
    }

    private BasicCredentials(IReadOnlyDictionary<string, string> passwords, IReadOnlyDictionary<string, PasswordHash> hashes, string? token, byte[] key)
    {
        _key = key;
        _pairs = passwords.ToFrozenDictionary(p => DigestOf(Encoding.UTF8.GetBytes($"{p.Key}:{p.Value}")), p => IdentityOf(p.Key));
        _token = token is null ? null : CredentialDigest.Of(token);
        Hashed = hashes.ToFrozenDictionary(h => h.Key, h => new HashedUser(h.Value, IdentityOf(h.Key)), StringComparer.Ordinal);
        Cost = hashes.Count == 0 ? null : new PasswordCost(hashes.Values);
    }

    /// <summary>Users whose passwords are hashed, by name.</summary>
    public FrozenDictionary<string, HashedUser> Hashed { get; }

    /// <summary>What checking a password costs, of whatever user. Null when no password is hashed: then all answers come at once.</summary>
    public PasswordCost? Cost { get; }

    /// <summary>Others in the place of these, whose digests are made with the same key, so that what is remembered of passwords can be compared.</summary>
    public BasicCredentials Renewed(IReadOnlyDictionary<string, string> passwords, IReadOnlyDictionary<string, PasswordHash> hashes, string? token)
        => new(passwords, hashes, token, _key);

    /// <summary>Whether a token is accepted.</summary>
    public bool HasToken => _token is not null;

    /// <summary>What stands for <c>user:password</c> in memory.</summary>
    public CredentialDigest DigestOf(ReadOnlySpan<byte> pair) => CredentialDigest.Keyed(_key, pair);

    /// <summary>
    /// Whose name and password these are, of those that are not hashed; or null. The key of the digest is secret, so the time of the look-up tells nothing.
    /// </summary>
    public Identity? Find(in CredentialDigest pair) => _pairs.GetValueOrDefault(pair);

    /// <summary>Who has that token, or null.</summary>
    public Identity? FindToken(ReadOnlySpan<char> presented)
        => _token is { } token && CredentialDigest.Of(presented).Equals(token) ? TokenIdentity : null;

    private static Identity IdentityOf(string user)
        => new("basic", user) { Claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["basic.user"] = user } };
}

/// <summary>A user whose password is known by its hash only.</summary>
/// <param name="Hash">The hash.</param>
/// <param name="Identity">Who it is.</param>
internal sealed record HashedUser(PasswordHash Hash, Identity Identity);
