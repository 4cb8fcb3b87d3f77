namespace Harmony.Core.Configuration;

/// <summary>Names of fields, parameters and keys whose values are secrets as a rule, so that they are not shown where a value is only context.</summary>
public static class SensitiveNames
{
    /// <summary>What stands where a value is not shown.</summary>
    public const string Mask = "***";

    private static readonly string[] Parts =
    [
        "authorization", "cookie", "token", "secret", "password", "passwd", "passphrase", "credential",
        "api-key", "api_key", "apikey", "access_key", "private_key",
    ];

    /// <summary>Fields whose values are never secrets; all others may be, so a rule that asks for one is shown without it.</summary>
    private static readonly string[] Harmless =
    [
        "accept", "accept-charset", "accept-encoding", "accept-language", "content-encoding", "content-language", "content-type", "expect", "host", "origin",
        "user-agent", "x-forwarded-host", "x-forwarded-proto",
    ];

    /// <summary>Parts that make a key of the configuration one that may hold a secret, be it misspelt.</summary>
    private static readonly string[] Suspicious = ["pass", "pwd", "pw", "secret", "token", "key", "auth", "cred", "cookie", "psk", "sig", "hash", "headers", "query", "session"];

    /// <summary>Names to which a misspelt key is compared.</summary>
    private static readonly string[] Spelt = ["password", "secret", "token", "api_key", "credentials", "hs256_secret", "client_secret", "jwt_secret", "authorization"];

    /// <summary>Endings of keys that say where a secret lies, or how long it lasts, and hold none.</summary>
    private static readonly string[] NotTheSecret = ["_path", "_file", "_url", "_uri", "_secs", "_header", "_name", "_type", "_endpoint", "_dir", "_hours", "_size"];

    /// <summary>Whether a value of that name is better not shown.</summary>
    public static bool Contains(string name)
        => Parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>A value that a rule asks of a field or parameter, as it may be shown: <c>*</c> stands for any, and what may be a secret is masked.</summary>
    public static string Shown(string name, string value) => value == "*" || Harmless.Contains(name, StringComparer.OrdinalIgnoreCase) ? value : Mask;

    /// <summary>Whether a key of the configuration holds a secret: <c>password</c>, <c>client_secret</c>, a name below <c>keys</c>.</summary>
    public static bool IsSecretKey(string key)
        => (key is "keys" || Contains(key)) && !Array.Exists(NotTheSecret, ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what stands behind a key may be a secret, so that no message repeats it: more than hold one, because hiding costs little.</summary>
    public static bool MayHoldSecret(string key)
        => Array.Exists(Suspicious, part => key.Contains(part, StringComparison.OrdinalIgnoreCase)) || Contains(key) || NearestName.Find(key, Spelt) is not null;
}
