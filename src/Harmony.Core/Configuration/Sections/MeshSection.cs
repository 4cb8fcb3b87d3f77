namespace Harmony.Core.Configuration;

/// <summary><c>[mesh.NAME]</c>: gateways that trust each other.</summary>
public sealed record MeshSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol between members.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Who manages it.</summary>
    [AllowedValues("local", "runbeam")]
    public required string Provider { get; init; }

    /// <summary>How members prove themselves.</summary>
    [AllowedValues("jwt")]
    public string AuthType { get; init; } = "jwt";

    /// <summary>Shared secret.</summary>
    [Secret]
    public string? JwtSecret { get; init; }

    /// <summary>PEM file with the private key that signs.</summary>
    public string? JwtPrivateKeyPath { get; init; }

    /// <summary>PEM file with the public key that verifies.</summary>
    public string? JwtPublicKeyPath { get; init; }

    /// <summary>Where the keys are published.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>References to ingress points.</summary>
    public IReadOnlyList<string> Ingress { get; init; } = [];

    /// <summary>References to egress points.</summary>
    public IReadOnlyList<string> Egress { get; init; } = [];

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}
