using System.Buffers;
using System.Collections.Frozen;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.ApiKey;

/// <summary>Builds an <c>api_key</c> from its options. What is missing or cannot be used goes to the context's problems.</summary>
internal sealed class ApiKeyBuilder(ApiKeyOptions options, MiddlewareContext context)
{
    private const string Hashed = "sha256:";
    private const int MinLength = 16;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private readonly Dictionary<CredentialDigest, Identity> _keys = [];
    private bool _failed;
    private bool _isUnreadable;

    public static ApiKeyMiddleware? Create(ApiKeyOptions own, MiddlewareContext context)
        => AuthenticationReference.Resolve(own, context, "api_key") is { } options ? new ApiKeyBuilder(options, context).Build() : null;

    private ApiKeyMiddleware? Build()
    {
        if (options.HeaderName.AsSpan().ContainsAnyExcept(NameCharacters))
            Fail(options.LocationOf("header_name"), $"'{options.HeaderName}' is not the name of a field");
        if (options is { ApiKey: not null, CredentialsPath: not null })
        {
            context.Problems.Warning(
                options.LocationOf("credentials_path"), $"'credentials_path' of middleware '{context.Name}' has no effect beside 'api_key'");
        }

        AddAll();
        if (!_failed && _keys.Count == 0)
        {
            Fail(options.Location, $"middleware '{context.Name}' has no key to accept; give it 'keys', a 'keys_file' or an 'api_key'");
        }

        if (_failed) return null;
        var logger = context.Environment.Loggers.CreateLogger(StepSettings.LogTarget);
        var settings = new StepSettings(context.Name, options.Optional, options.ForwardCredentials, "ApiKey", options.Realm
            ?? StepSettings.DefaultRealm, logger);
        return new ApiKeyMiddleware(settings, options.HeaderName, options.QueryParam, _keys.ToFrozenDictionary(),
            options.KeysFile is null && (options.CredentialsPath is null || options.ApiKey is not null) ? null : () => Renewed(options, context));
    }

    /// <summary>
    /// The keys that the configuration and its files hold now, those in lines that cannot be used left out; null where a file cannot be read.
    /// </summary>
    private static FrozenDictionary<CredentialDigest, Identity>? Renewed(ApiKeyOptions options, MiddlewareContext context)
    {
        var builder = new ApiKeyBuilder(options, context.Again());
        builder.AddAll();
        return builder._isUnreadable ? null : builder._keys.ToFrozenDictionary();
    }

    private void AddAll()
    {
        if (options.ApiKey is { } one) Add(context.Name, one, options.LocationOf("api_key"));
        else if (options.CredentialsPath is { } path) AddFile(path);
        foreach (var (name, key) in options.Keys) Add(name, key, options.LocationOf("keys"));
        AddKeysFile();
    }

    private void AddFile(string path)
    {
        var key = SecretFile.ReadOne(path, "credentials_path", options, context);
        _isUnreadable |= key is null;
        if (string.IsNullOrEmpty(key)) _failed = true;
        else Add(context.Name, key, options.LocationOf("credentials_path"));
    }

    private void AddKeysFile()
    {
        if (options.KeysFile is not { } path) return;
        if (SecretFile.ReadPairs(path, "keys_file", options, context) is not { } pairs) _failed = _isUnreadable = true;
        else foreach (var (name, key, location) in pairs) Add(name, key, location);
        _failed |= context.Problems.HasErrors;
    }

    private void Add(string name, string key, SourceLocation location)
    {
        CredentialDigest digest;
        if (key.StartsWith(Hashed, StringComparison.Ordinal))
        {
            if (!CredentialDigest.TryParse(key.AsSpan(Hashed.Length), out digest))
            {
                Fail(location, $"the key '{name}' must have 64 hexadecimal digits behind {Hashed}");
                return;
            }
        }
        else
        {
            if (key.Length == 0 || key.Any(c => c is <= ' ' or >= '\x7f'))
            {
                Fail(location, $"the key '{name}' is empty or has a space or other character that a field cannot carry");
                return;
            }

            if (key.Length < MinLength) context.Problems.Warning(location, $"the key '{name}' has fewer than {MinLength} characters and can be guessed");
            digest = CredentialDigest.Of(key);
        }

        var identity = new Identity("api_key", name) { Claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["api_key.name"] = name } };
        if (!_keys.TryAdd(digest, identity)) Fail(location, $"the key '{name}' is the same as '{_keys[digest].Subject}'");
    }

    private void Fail(SourceLocation location, string message)
    {
        context.Problems.Error(location, message);
        _failed = true;
    }
}
