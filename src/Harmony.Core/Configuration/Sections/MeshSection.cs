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

/// <summary><c>[ingress.NAME]</c>: where other members of a mesh enter.</summary>
public sealed record IngressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members may enter (<c>mesh</c>) or everybody (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>The pipeline it leads to.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The endpoint of that pipeline; the first when absent.</summary>
    public string? Endpoint { get; init; }

    /// <summary>URLs under which it is known.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary><c>[provider.NAME]</c>: a service that gives configuration and resolves references. <c>local</c> needs no table.</summary>
public sealed record ProviderSection : ConfigNode
{
    /// <summary>Base URL of its API.</summary>
    public string? Api { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;

    /// <summary>What becomes of a change for a file that was edited here since the last push: it is reported and not applied, or the cloud's text wins.</summary>
    [AllowedValues("report", "cloud")]
    public string OnConflict { get; init; } = "report";

    /// <summary>Subjects (<c>sub</c>) of the users who may authorize this gateway; empty for each whom the provider lets do so.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];
}

/// <summary><c>[runbeam]</c>: the older form of <c>[provider.runbeam]</c>.</summary>
public sealed record RunbeamSection : ConfigNode
{
    /// <summary>Whether the provider is used.</summary>
    public bool Enabled { get; init; }

    /// <summary>Base URL of its API.</summary>
    public string? CloudApiBaseUrl { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;
}
