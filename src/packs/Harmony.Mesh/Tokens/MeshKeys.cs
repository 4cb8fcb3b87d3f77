using System.Text;
using Harmony.Access.Authentication;
using Harmony.Access.Middleware.JwtAuth;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;
using Harmony.Core.Modules;
using Harmony.Jose;

namespace Harmony.Mesh.Tokens;

/// <summary>The keys of a mesh in this gateway.</summary>
internal sealed class MeshKeys : IAsyncDisposable
{
    /// <summary>Makes tokens; null where this gateway only verifies, and where a provider makes them.</summary>
    public SigningKey? Signing { get; init; }

    /// <summary>Keys that verify tokens; if empty, no token can be verified.</summary>
    public required IReadOnlyList<TrustedKeys> Trusted { get; init; }

    /// <summary>The public keys that may be published.</summary>
    public required IReadOnlyList<JsonWebKey> Published { get; init; }

    /// <summary>Fetches key sets; belongs to the keys.</summary>
    public required IDisposable? Client { private get; init; }

    public async ValueTask DisposeAsync()
    {
        foreach (var trusted in Trusted) await trusted.Source.DisposeAsync();
        Client?.Dispose();
    }
}

/// <summary>Keys that verify tokens.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="Subject">The only subject that tokens of these keys may name; null for any.</param>
/// <param name="Words">What they are, for people.</param>
internal sealed record TrustedKeys(IKeySource Source, string? Subject, string Words);

/// <summary>Keys that files hold, or the configuration itself.</summary>
/// <param name="keys">The keys.</param>
/// <param name="again">Reads them again; null where they are in no file, or the files cannot be read.</param>
internal sealed class HeldKeys(KeySet keys, Func<KeySet?>? again = null) : IKeySource
{
    private volatile KeySet _current = keys;

    public KeySet Current => _current;

    public bool? Renew()
    {
        if (again is null) return null;
        if (again() is not { } now) return false;
        _current = now;
        return true;
    }

    public ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct) => new(_current);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Reads the keys that a <c>[mesh.NAME]</c> names. Mistakes are reported as problems; missing keys are left out, so no token passes by them.</summary>
/// <param name="mesh">The name of the mesh.</param>
/// <param name="section">Its table.</param>
/// <param name="environment">What the configuration is built with.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class MeshKeysReader(string mesh, MeshSection section, BuildEnvironment environment, ConfigProblems problems)
{
    /// <summary>
    /// What verifies a signature of a private key; a secret is never among them, so that no public key is taken for a secret (RFC 8725 §2.1).
    /// </summary>
    private static readonly AcceptedAlgorithms Asymmetric = new([.. JwsAlgorithm.All.Where(a => a.Name is "RS256" or "ES256" or "EdDSA")]);

    /// <summary>Shortest time between two fetches of a key set that tokens cause.</summary>
    public static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(1);

    private readonly EgressPolicySection _egress = environment.Config.Proxy.Egress;
    private readonly List<TrustedKeys> _trusted = [];
    private readonly List<JsonWebKey> _published = [];
    private EgressClient? _client;

    /// <param name="providerKeys">Where the provider of the mesh publishes its keys; null for none.</param>
    public MeshKeys Read(Uri? providerKeys)
    {
        var signing = Signing();
        ReadSecrets();
        ReadFiles(section.JwtPublicKeyPath is { } one ? [one, .. section.JwtPublicKeyPaths] : section.JwtPublicKeyPaths, section, null);
        if (section.JwksUrl is { } text) Add(Fetched(text, section, null));
        else if (providerKeys is not null) Add(Fetched(providerKeys.AbsoluteUri, section, null));
        foreach (var (name, member) in section.Members) ReadMember(name, member);
        if (_trusted.Count == 0 && signing?.PublicKey is { } own) TrustOwn(own);
        foreach (var path in section.PublishedKeyPaths) Publish(path);
        return new MeshKeys
        {
            Signing = signing, Trusted = _trusted, Published = signing?.PublicKey is { } mine ? [mine, .. _published] : _published, Client = _client
        };
    }

    private SigningKey? Signing()
    {
        if (section.JwtSecret is null && section.JwtOtherSecrets.Count == 0) return section.JwtPrivateKeyPath is { } path ? PrivateKey(path) : null;
        foreach (var key in (string[])["jwt_private_key_path", "jwt_public_key_path", "jwt_public_key_paths", "jwks_url", "members"])
        {
            if (section.Gives(key) || (key == "members" && section.Members.Count > 0))
            {
                problems.Error(section.LocationOf(key),
                    $"mesh '{mesh}' gives both a shared secret and '{key}'; keep one, because a key serves one kind of signature only");
            }
        }

        return section.JwtSecret is { } secret ? SigningKey.OfSecret(Encoding.UTF8.GetBytes(secret)) : null;
    }

    private SigningKey? PrivateKey(string path)
    {
        if (Text(path, section.LocationOf("jwt_private_key_path")) is not { } pem) return null;
        if (SigningKey.OfPem(pem, out var reason) is { } key) return key;
        problems.Error(section.LocationOf("jwt_private_key_path"), $"'{path}' {reason}");
        return null;
    }

    private void ReadSecrets()
    {
        var keys = new List<VerificationKey>();
        if (section.JwtSecret is { } own) Add(own, "jwt_secret", section.LocationOf("jwt_secret"));
        for (var i = 0; i < section.JwtOtherSecrets.Count; i++)
            Add(section.JwtOtherSecrets[i], "jwt_other_secrets", section.LocationOf("jwt_other_secrets", i));
        if (keys.Count > 0) _trusted.Add(new TrustedKeys(new HeldKeys(new KeySet(keys)), null, keys.Count == 1
            ? "a shared secret (HS256)"
            : $"{keys.Count} shared secrets (HS256)"));

        void Add(string secret, string key, SourceLocation location)
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            if (HmacKey.Create(bytes, AcceptedAlgorithms.Hs256) is { } made) keys.Add(made);
            else problems.Error(location, $"'{key}' of mesh '{mesh}' has {bytes.Length} bytes; HS256 needs at least 32 (RFC 7518 §3.2)");
        }
    }

    private void ReadMember(string name, MeshMemberSection member)
    {
        if (member.PublicKeyPath is null && member.PublicKeyPaths.Count == 0 && member.JwksUrl is null)
        {
            problems.Error(member.Location, $"member '{name}' of mesh '{mesh}' has no key; give it 'public_key_path' or 'jwks_url'");
            return;
        }

        ReadFiles(member.PublicKeyPath is { } one ? [one, .. member.PublicKeyPaths] : member.PublicKeyPaths, member, name);
        if (member.JwksUrl is { } url) Add(Fetched(url, member, name));
    }

    private void ReadFiles(IReadOnlyList<string> paths, ConfigNode from, string? subject)
    {
        if (paths.Count == 0) return;
        var keys = new List<VerificationKey>();
        foreach (var path in paths)
        {
            var location = LocationOf(path, from);
            if (Text(path, location) is not { } pem) continue;
            if (PemKey.TryRead(pem, Asymmetric, out var reason) is { } key) keys.Add(key);
            else problems.Error(location, $"'{path}' {reason.Replace("'algorithms'", "RS256, ES256 and EdDSA", StringComparison.Ordinal)}");
            // Keys of others are theirs to publish.
            if (subject is null && JsonWebKey.OfPublicPem(pem) is { } known) _published.Add(known);
        }

        Add(new TrustedKeys(new HeldKeys(new KeySet(keys), () => Again(paths)), subject, string.Join(", ", paths)));
    }

    private KeySet? Again(IReadOnlyList<string> paths)
    {
        try
        {
            return new KeySet([.. paths.Select(p => PemKey.TryRead(BoundedFile.ReadText(environment.PathOf(p)), Asymmetric, out _)).OfType<VerificationKey>()]);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return null;
        }
    }

    private void TrustOwn(JsonWebKey own)
    {
        if (JsonWebKeySet.TryParse(JsonWebKey.Document([own]), Asymmetric, out var keys))
            _trusted.Add(new TrustedKeys(new HeldKeys(keys), null, "the public half of 'jwt_private_key_path'"));
    }

    private void Publish(string path)
    {
        var location = LocationOf(path, section);
        if (Text(path, location) is not { } pem) return;
        if (JsonWebKey.OfPublicPem(pem) is { } key) _published.Add(key);
        else problems.Error(location, $"'{path}' contains no public key that can be published; it must be an RSA key of at least 2048 bits, a P-256 key or an "
            + "Ed25519 key, without its private half");
    }

    private TrustedKeys? Fetched(string text, ConfigNode from, string? subject)
    {
        var location = from.LocationOf("jwks_url");
        if (EgressPolicy.From(_egress).Check(text, "jwks_url", location, problems) is not { } url) return null;
        if (HttpsRule.ReasonAgainst(url, _egress) is { } reason)
        {
            problems.Error(location, $"'jwks_url' may not be used: {reason}");
            return null;
        }

        _client ??= new EgressClient(EgressPolicy.From(_egress), new EgressSettings { MaxResponseBytes = 256 * 1024 }, environment.Clock);
        var document = KeyDocument.At(url, _client, _egress);
        var fetchedBy = (document.Source, string.Join(' ', Asymmetric.Listed.Select(a => a.Name)), EgressKey.Of(_egress));
        var known = environment.Carried.Get("keys of issuers", fetchedBy, () => new KnownKeys(environment.Clock));
        var settings = new RemoteKeySettings($"mesh {mesh}", TimeSpan.FromHours(environment.Config.Proxy.JwksCacheDurationHours), BetweenFetches);
        var keys = new RemoteKeys(document, known, Asymmetric, settings, environment.Clock, environment.Loggers.CreateLogger(MeshLog.Target));
        return new TrustedKeys(keys, subject, url.AbsoluteUri);
    }

    private void Add(TrustedKeys? keys)
    {
        if (keys is not null) _trusted.Add(keys);
    }

    private string? Text(string path, SourceLocation location)
    {
        try
        {
            return BoundedFile.ReadText(environment.PathOf(path));
        }
        catch (Exception e) when (Readable.IsAbsence(e))
        {
            problems.Gap(location, $"cannot read '{path}': {Readable.Reason(e)}; mesh '{mesh}' goes without this key");
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            problems.Error(location, $"cannot read '{path}': {Readable.Reason(e)}");
        }

        return null;
    }

    /// <summary>Where a path stands, in whichever key of the table.</summary>
    private static SourceLocation LocationOf(string path, ConfigNode from)
    {
        var (one, several, others) = from switch
        {
            MeshSection m => (m.JwtPublicKeyPath == path
                ? "jwt_public_key_path"
                : null, ("jwt_public_key_paths", m.JwtPublicKeyPaths), ("published_key_paths", m.PublishedKeyPaths)),
            MeshMemberSection m
                => (m.PublicKeyPath == path ? "public_key_path" : null, ("public_key_paths", m.PublicKeyPaths), ("", (IReadOnlyList<string>)[])),
            _ => (null, ("", []), ("", [])),
        };
        if (one is not null) return from.LocationOf(one);
        foreach (var (key, paths) in new[] { several, others })
        {
            if (paths.ToList().IndexOf(path) is var at and >= 0) return from.LocationOf(key, at);
        }

        return from.Location;
    }
}
