using System.Buffers;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>The field that proves to a target who we are. The value is a secret.</summary>
/// <param name="Field">Field name.</param>
/// <param name="Value">Its value.</param>
internal sealed record TargetCredentials(string Field, string Value)
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly string[] NotForKeys =
        ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Expect", "Via", "Forwarded", "x-request-id"];

    /// <summary>Never the value.</summary>
    public override string ToString() => Field;

    /// <summary>Makes the field of an authentication; what is missing goes to the context's problems.</summary>
    /// <returns>Null where nothing is sent (mutual TLS proves it by certificate) or where something is missing.</returns>
    public static TargetCredentials? From(AuthenticationSection? authentication, ModuleContext context)
    {
        if (authentication is null) return null;
        var options = authentication.Options;
        switch (authentication.Method)
        {
            case "basic":
                return Basic(authentication, context);
            case "bearer":
                return Sendable(options.Token, "token", authentication, context) is { } token
                    ? new TargetCredentials("Authorization", "Bearer " + token)
                    : null;
            case "api_key":
                var key = Sendable(options.ApiKey, "api_key", authentication, context);
                return CheckName(authentication, context) && key is not null ? new TargetCredentials(options.HeaderName, key) : null;
            case "mutual_tls":
                return null;
            default:
                context.Problems.Error(authentication.LocationOf("method"),
                    $"method '{authentication.Method}' cannot authenticate backend '{context.Name}' to its target; use basic, bearer, api_key or mutual_tls");
                return null;
        }
    }

    private static TargetCredentials? Basic(AuthenticationSection authentication, ModuleContext context)
    {
        var options = authentication.Options;
        var pair = options.Username is null && options.Password is null && options.CredentialsPath is not null
            ? PairFromFile(authentication, context)
            : PairFromOptions(authentication, context);
        return pair is null ? null : new TargetCredentials("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    private static string? PairFromFile(AuthenticationSection authentication, ModuleContext context)
    {
        if (FromFile(authentication, context) is not { } pair) return null;
        if (pair.IndexOf(':') > 0 && !pair.Any(char.IsControl)) return pair;
        context.Problems.Error(authentication.Options.LocationOf("credentials_path"), "the file is not a single line user:password");
        return null;
    }

    private static string? PairFromOptions(AuthenticationSection authentication, ModuleContext context)
    {
        var options = authentication.Options;
        var user = Given(options.Username, "username", authentication, context);
        var password = Given(options.Password, "password", authentication, context);
        if (user?.Contains(':') != true) return user is null || password is null ? null : $"{user}:{password}";
        context.Problems.Error(options.LocationOf("username"), "a user name of method 'basic' cannot contain a colon (RFC 7617)");
        return null;
    }

    /// <summary>The value of an option, or else of the file, if a field can carry it.</summary>
    private static string? Sendable(string? value, string key, AuthenticationSection authentication, ModuleContext context)
    {
        var fromFile = string.IsNullOrEmpty(value) && authentication.Options.CredentialsPath is not null;
        if (fromFile && (value = FromFile(authentication, context)) is null) return null;
        if (Given(value, key, authentication, context) is not { } given) return null;
        if (given.All(c => c is > ' ' and < '\x7f')) return given;
        context.Problems.Error(authentication.Options.LocationOf(fromFile ? "credentials_path" : key),
            $"the value of '{key}' has a space, line break or other character that a field cannot carry");
        return null;
    }

    private static string? Given(string? value, string key, AuthenticationSection authentication, ModuleContext context)
    {
        if (!string.IsNullOrEmpty(value)) return value;
        context.Problems.Error(authentication.Location, $"authentication with method '{authentication.Method}' needs '{key}' in its options");
        return null;
    }

    private static bool CheckName(AuthenticationSection authentication, ModuleContext context)
    {
        var name = authentication.Options.HeaderName;
        if (!name.AsSpan().ContainsAnyExcept(TokenCharacters) && !NotForKeys.Contains(name, StringComparer.OrdinalIgnoreCase)) return true;
        context.Problems.Error(
            authentication.Options.LocationOf("header_name"), $"'{name}' is not the name of a field that can carry a key, such as X-API-Key");
        return false;
    }

    private static string? FromFile(AuthenticationSection authentication, ModuleContext context)
    {
        var path = authentication.Options.CredentialsPath!;
        try
        {
            return BoundedFile.ReadText(context.Environment.PathOf(path)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Problems.Error(authentication.Options.LocationOf("credentials_path"), $"cannot read '{path}': {Readable.Reason(e)}");
            return null;
        }
    }
}
