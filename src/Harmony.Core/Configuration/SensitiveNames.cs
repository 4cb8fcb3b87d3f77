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

    /// <summary>Whether a value of that name is better not shown.</summary>
    public static bool Contains(string name) => Parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
