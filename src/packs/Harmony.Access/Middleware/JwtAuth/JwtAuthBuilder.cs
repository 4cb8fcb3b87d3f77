using System.Text;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;
using Harmony.Core.Modules;
using Harmony.Jose;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>Builds a <c>jwt_auth</c> from its options. What is missing or cannot be used goes to the context's problems.</summary>
internal sealed class JwtAuthBuilder(JwtAuthOptions options, MiddlewareContext context)
{
    private readonly EgressPolicySection _egress = context.Config.Proxy.Egress;
    private readonly ILogger _logger = context.Environment.Loggers.CreateLogger(StepSettings.LogTarget);
    private readonly List<string> _issuers =
        [.. options.TrustedIssuers.Prepend(options.Issuer!).Where(i => !string.IsNullOrEmpty(i)).Distinct(StringComparer.Ordinal)];
    private EgressClient? _client;

    public static JwtAuthMiddleware? Create(JwtAuthOptions own, MiddlewareContext context)
        => AuthenticationReference.Resolve(own, context, "jwt") is { } options ? new JwtAuthBuilder(options, context).Build() : null;

    private JwtAuthMiddleware? Build()
    {
        if (new AlgorithmList(options, context.Problems).Read() is not { } algorithms || Sources(algorithms) is not { } sources)
        {
            _client?.Dispose();
            return null;
        }

        WarnOfNoEffect();
        var rules = new JwtRules
        {
            Issuers = _issuers,
            Audience = options.Audience,
            RequiredClaims = options.RequiredClaims,
            Leeway = TimeSpan.FromSeconds(options.LeewaySecs),
            ValidatesExpiry = options.ValidateExpiry,
        };
        var settings = new StepSettings(context.Name, options.Optional, options.ForwardCredentials, "Bearer", options.Realm
            ?? StepSettings.DefaultRealm, _logger);
        var verification = new JwtVerification(algorithms, rules, options.MaxTokenBytes, options.CacheSize);
        return new JwtAuthMiddleware(settings, verification, sources, context.Environment.Clock, _client);
    }

    private KeySources? Sources(AcceptedAlgorithms algorithms)
    {
        if (options.PublicKeyPath is not null && options.JwksUri is not null && !options.UseHs256)
        {
            return Fail("jwks_uri", "'public_key_path' and 'jwks_uri' are both given; keep one");
        }

        if (options.UseHs256) return Secret(algorithms);
        if (options.PublicKeyPath is { } path) return PublicKey(path, algorithms);
        if (options.JwksUri is { } uri) return Url(uri, "jwks_uri", options.LocationOf("jwks_uri")) is { } url
            ? new KeySources(Remote(KeyDocument.At(url, Client(), _egress), algorithms))
            : null;
        if (_issuers.Count > 0) return Discovered(algorithms);
        return Fail("", $"middleware '{context.Name}' has no key to verify tokens with; give it a 'public_key_path', a 'jwks_uri', an 'issuer' that "
            + "publishes its keys, or 'use_hs256' with a 'hs256_secret'");
    }

    private KeySources? Secret(AcceptedAlgorithms algorithms)
    {
        if (string.IsNullOrEmpty(options.Hs256Secret))
            return Fail("hs256_secret", "'use_hs256' needs a 'hs256_secret' of at least 32 bytes; there is no default");
        var secret = Encoding.UTF8.GetBytes(options.Hs256Secret);
        var needed = algorithms.Listed[0].MinSecretBytes;
        return HmacKey.Create(secret, algorithms) is { } key
            ? new KeySources(new FixedKeys(key))
            : Fail("hs256_secret", $"'hs256_secret' has {secret.Length} bytes; {algorithms.Listed[0].Name} needs at least {needed} (RFC 7518 §3.2)");
    }

    private KeySources? PublicKey(string path, AcceptedAlgorithms algorithms)
    {
        string pem;
        try
        {
            pem = BoundedFile.ReadText(context.Environment.PathOf(path));
        }
        catch (Exception e) when (Readable.IsAbsence(e))
        {
            context.Close(options.LocationOf("public_key_path"), $"cannot read '{path}': {Readable.Reason(e)}");
            return null;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return Fail("public_key_path", $"cannot read '{path}': {Readable.Reason(e)}");
        }

        return PemKey.TryRead(pem, algorithms, out var reason) is { } key
            ? new KeySources(new FixedKeys(key, () => RenewedKey(path, algorithms)))
            : Fail("public_key_path", $"'{path}' {reason}");
    }

    private VerificationKey? RenewedKey(string path, AcceptedAlgorithms algorithms)
    {
        try
        {
            return PemKey.TryRead(File.ReadAllText(context.Environment.PathOf(path)), algorithms, out _);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return null;
        }
    }

    private KeySources? Discovered(AcceptedAlgorithms algorithms)
    {
        var sources = new Dictionary<string, IKeySource>(StringComparer.Ordinal);
        foreach (var issuer in _issuers)
        {
            var index = options.TrustedIssuers.ToList().IndexOf(issuer);
            var (key, location) = issuer == options.Issuer
                ? ("issuer", options.LocationOf("issuer"))
                : ("trusted_issuers", options.LocationOf("trusted_issuers", index));
            if (!Uri.TryCreate(issuer, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")
                || parsed.Query.Length + parsed.Fragment.Length > 0)
            {
                context.Problems.Error(location,
                    $"middleware '{context.Name}' has no key to verify tokens with, and '{issuer}' is no URL where its keys could be asked for; give it a "
                        + "'public_key_path', a 'jwks_uri', or 'use_hs256' with a 'hs256_secret'");
            }
            else if (Url(issuer, key, location) is not null)
            {
                sources[issuer] = Remote(KeyDocument.Of(issuer, Client(), _egress), algorithms);
            }
        }

        return sources.Count == _issuers.Count ? new KeySources(sources) : null;
    }

    private Uri? Url(string text, string key, SourceLocation location)
    {
        if (EgressPolicy.From(_egress).Check(text, key, location, context.Problems) is not { } url) return null;
        if (HttpsRule.ReasonAgainst(url, _egress) is not { } reason) return url;
        context.Problems.Error(location, $"'{key}' may not be used: {reason}");
        return null;
    }

    private RemoteKeys Remote(KeyDocument document, AcceptedAlgorithms algorithms)
    {
        var every = options.JwksRefreshSecs is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(context.Config.Proxy.JwksCacheDurationHours);
        var settings = new RemoteKeySettings(context.Name, every, TimeSpan.FromSeconds(options.JwksMinIntervalSecs));
        var environment = context.Environment;
        var fetchedBy = (document.Source, string.Join(' ', algorithms.Listed.Select(a => a.Name)), EgressKey.Of(_egress));
        var known = environment.Carried.Get("keys of issuers", fetchedBy, () => new KnownKeys(environment.Clock));
        return new RemoteKeys(document, known, algorithms, settings, environment.Clock, _logger);
    }

    private EgressClient Client()
        => _client ??= new EgressClient(EgressPolicy.From(_egress), new EgressSettings { MaxResponseBytes = 256 * 1024 }, context.Environment.Clock);

    private void WarnOfNoEffect()
    {
        if (options.UseHs256)
        {
            foreach (var key in (string[])["public_key_path", "jwks_uri"])
            {
                if (options.Gives(key)) context.Problems.Warning(options.LocationOf(key), $"'{key}' has no effect with 'use_hs256'");
            }
        }
        else if (options.Hs256Secret is not null)
        {
            context.Problems.Warning(options.LocationOf("hs256_secret"), "'hs256_secret' has no effect without 'use_hs256 = true'");
        }

        if (_client is not null && options.Audience is null)
        {
            context.Problems.Warning(
                options.Location, $"middleware '{context.Name}' has no 'audience', so tokens that the issuer made for others are accepted too");
        }
    }

    private KeySources? Fail(string key, string message)
    {
        context.Problems.Error(options.LocationOf(key), message);
        return null;
    }
}
