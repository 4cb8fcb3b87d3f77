using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.BasicAuth;

/// <summary>Builds a <c>basic_auth</c> from its options. What is missing or cannot be used goes to the context's problems.</summary>
internal sealed class BasicAuthBuilder(BasicAuthOptions options, MiddlewareContext context)
{
    private readonly Dictionary<string, string> _passwords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasswordHash> _hashes = new(StringComparer.Ordinal);
    private bool _failed;
    private bool _isUnreadable;

    public static BasicAuthMiddleware? Create(BasicAuthOptions own, MiddlewareContext context)
        => AuthenticationReference.Resolve(own, context, "basic", "bearer") is { } options ? new BasicAuthBuilder(options, context).Build() : null;

    private BasicAuthMiddleware? Build()
    {
        WarnOfNoEffect();
        var token = AddAll();
        if (!_failed && _passwords.Count + _hashes.Count == 0 && token is null)
        {
            Fail("",
                $"middleware '{context.Name}' has nobody to let in; give it 'username' with 'password' or 'password_hash', a 'users_file' or a 'token_path'");
        }

        if (_failed) return null;
        var logger = context.Environment.Loggers.CreateLogger(StepSettings.LogTarget);
        var scheme = _passwords.Count + _hashes.Count > 0 ? "Basic" : "Bearer";
        var settings = new StepSettings(context.Name, options.Optional, options.ForwardCredentials, scheme, options.Realm ?? StepSettings.DefaultRealm, logger);
        var hasFiles = (options.UsersFile ?? options.CredentialsPath ?? options.TokenPath) is not null;
        return new BasicAuthMiddleware(
            settings, new BasicCredentials(_passwords, _hashes, token), context.Environment.Clock, hasFiles ? old => Renewed(old, options, context) : null);
    }

    /// <summary>What the configuration and its files hold now, lines that cannot be used left out; null where a file cannot be read.</summary>
    private static BasicCredentials? Renewed(BasicCredentials old, BasicAuthOptions options, MiddlewareContext context)
    {
        var builder = new BasicAuthBuilder(options, context.Again());
        var token = builder.AddAll();
        return builder._isUnreadable ? null : old.Renewed(builder._passwords, builder._hashes, string.IsNullOrEmpty(token) ? null : token);
    }

    /// <returns>The token; null for none.</returns>
    private string? AddAll()
    {
        AddConfiguredUser();
        AddCredentialsFile();
        AddUsersFile();
        return Token();
    }

    private void WarnOfNoEffect()
    {
        if (options.CredentialsPath is not null && (options.Username is not null || options.Token is not null))
            WarnOf("credentials_path", options.Username is null ? "token" : "username");
        if (options is { TokenPath: not null, Token: not null }) WarnOf("token_path", "token");
    }

    private void WarnOf(string key, string other)
        => context.Problems.Warning(options.LocationOf(key), $"'{key}' of middleware '{context.Name}' has no effect beside '{other}'");

    private void AddConfiguredUser()
    {
        if (options.Username is null && options.Password is null && options.PasswordHash is null) return;
        if (string.IsNullOrEmpty(options.Username)) Fail("username", $"middleware '{context.Name}' needs a 'username' with its password");
        else if (options.Username.Contains(':', StringComparison.Ordinal)) Fail("username", "a user name cannot contain a colon (RFC 7617)");
        else if (options.Password is not null && options.PasswordHash is not null) Fail("password", "'password' and 'password_hash' are both given; keep one");
        else if (options.PasswordHash is { Length: > 0 } text) AddHash(options.Username, text, options.LocationOf("password_hash"));
        else if (string.IsNullOrEmpty(options.Password))
            Fail("password", $"middleware '{context.Name}' needs a 'password' or 'password_hash' that is not empty");
        else _passwords[options.Username] = options.Password;
    }

    private void AddCredentialsFile()
    {
        if (options.CredentialsPath is not { } path || options.Username is not null || options.Token is not null) return;
        if (SecretFile.ReadPairs(path, "credentials_path", options, context) is not { } pairs) _failed = _isUnreadable = true;
        else foreach (var (user, password, _) in pairs) _passwords[user] = password;
        _failed |= context.Problems.HasErrors;
    }

    private void AddUsersFile()
    {
        if (options.UsersFile is not { } path) return;
        if (SecretFile.ReadPairs(path, "users_file", options, context) is not { } pairs) _failed = _isUnreadable = true;
        else foreach (var (user, hash, location) in pairs) AddHash(user, hash, location);
        _failed |= context.Problems.HasErrors;
    }

    private void AddHash(string user, string text, Core.Configuration.SourceLocation location)
    {
        if (!PasswordHash.TryParse(text, out var hash, out var reason))
        {
            context.Problems.Error(location, reason);
            _failed = true;
        }
        else if (!_hashes.TryAdd(user, hash) || _passwords.ContainsKey(user))
        {
            context.Problems.Error(location, $"a user of 'users_file' of middleware '{context.Name}' is given twice");
            _failed = true;
        }
    }

    private string? Token()
    {
        if (options.Token is not null)
        {
            if (options.Token.Length == 0) Fail("token", "'token' is empty");
            return options.Token;
        }

        if (options.TokenPath is not { } path) return null;
        if (_passwords.Count + _hashes.Count > 0 && !File.Exists(context.Environment.PathOf(path)))
        {
            // Configurations of the public Harmony Proxy name a file that does not exist; users with a password must not suffer from it.
            context.Problems.Warning(options.LocationOf("token_path"), $"'{ShownOptions.Text(path)}' is not there, so no token is accepted");
            return null;
        }

        var token = SecretFile.ReadOne(path, "token_path", options, context);
        _isUnreadable |= token is null;
        _failed |= string.IsNullOrEmpty(token);
        return token;
    }

    private void Fail(string key, string message)
    {
        context.Problems.Error(options.LocationOf(key), message);
        _failed = true;
    }
}
