namespace Harmony.Core.Configuration;

/// <summary><c>[authentications.NAME]</c>: credentials, or how to check them.</summary>
public sealed record AuthenticationSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Kind of authentication.</summary>
    [AllowedValues("jwt", "basic", "bearer", "api_key", "oauth2_introspection", "mutual_tls", "custom", "none")]
    public required string Method { get; init; }

    /// <summary>What the kind needs.</summary>
    public AuthenticationOptionsSection Options { get; init; } = new();
}
