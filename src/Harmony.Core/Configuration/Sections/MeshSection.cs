using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

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

    /// <summary>Shared secrets that still verify tokens, beside the one that signs: the previous one, or the next.</summary>
    [Secret]
    public IReadOnlyList<string> JwtOtherSecrets { get; init; } = [];

    /// <summary>PEM file with the private key that signs: RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA).</summary>
    public string? JwtPrivateKeyPath { get; init; }

    /// <summary>PEM file with the public key that verifies.</summary>
    public string? JwtPublicKeyPath { get; init; }

    /// <summary>PEM files with further public keys that verify: the previous one, the next, those of others.</summary>
    public IReadOnlyList<string> JwtPublicKeyPaths { get; init; } = [];

    /// <summary>Where the keys are published that verify.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>Members by name, each with keys of its own: a token that one of these keys verifies must name the member as its subject.</summary>
    public IReadOnlyDictionary<string, MeshMemberSection> Members { get; init; } = new Dictionary<string, MeshMemberSection>();

    /// <summary>Who makes the tokens, as they say in <c>iss</c>; the name of the mesh when absent.</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Subject of this gateway's tokens, their <c>sub</c>; the name of this gateway when absent.</summary>
    [NotEmpty]
    public string? Subject { get; init; }

    /// <summary>Audience that tokens must name to enter, and that tokens name on their way out; no audience when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Seconds for which a token is good.</summary>
    [AllowedRange(30, 86400)]
    public int TokenLifetimeSecs { get; init; } = 300;

    /// <summary>Seconds by which clocks may differ.</summary>
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>Whether each token is good for one request only (<c>jti</c>). Then each request is given a token of its own.</summary>
    public bool ReplayProtection { get; init; }

    /// <summary>Tokens that are remembered for this until they end; while there are as many, further ones are answered 503.</summary>
    [AllowedRange(1, 10000000)]
    public int ReplayCacheSize { get; init; } = 100_000;

    /// <summary>
    /// Publishes the public keys of this gateway on the networks of the mesh's ingress points, or of its egress points where it has no ingress here:
    /// <c>true</c> for the path <c>/.well-known/mesh/NAME/jwks.json</c>, or a path.
    /// </summary>
    [WrittenAs(typeof(bool), typeof(string))]
    public TomlValue? PublishJwks { get; init; }

    /// <summary>
    /// PEM files with public keys that are published besides the one that signs: the next, before it signs, and the previous, as long as its tokens are under
    /// way.
    /// </summary>
    public IReadOnlyList<string> PublishedKeyPaths { get; init; } = [];

    /// <summary>References to ingress points.</summary>
    public IReadOnlyList<string> Ingress { get; init; } = [];

    /// <summary>References to egress points.</summary>
    public IReadOnlyList<string> Egress { get; init; } = [];

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary><c>[mesh.NAME.members.MEMBER]</c>: the keys of one member.</summary>
public sealed record MeshMemberSection : ConfigNode
{
    /// <summary>PEM file with its public key.</summary>
    [NotEmpty]
    public string? PublicKeyPath { get; init; }

    /// <summary>PEM files with further public keys of it: the previous one, or the next.</summary>
    public IReadOnlyList<string> PublicKeyPaths { get; init; } = [];

    /// <summary>Where it publishes its keys.</summary>
    [NotEmpty]
    public string? JwksUrl { get; init; }
}

/// <summary><c>[ingress.NAME]</c>: where other members of a mesh enter.</summary>
public sealed record IngressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members may enter (<c>mesh</c>) or all clients (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>The pipeline it leads to.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The endpoint of that pipeline; the first when absent.</summary>
    public string? Endpoint { get; init; }

    /// <summary>URLs under which it is known.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Audience that tokens must name to enter; that of the mesh when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

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

    /// <summary>Folder of TOML files that it consists of, one file for each team, relative to the main file.</summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;

    /// <summary>
    /// What becomes of a change for a file that was edited here since the last push: it is reported and not applied, or the cloud's text wins.
    /// </summary>
    [AllowedValues("report", "cloud")]
    public string OnConflict { get; init; } = "report";

    /// <summary>Subjects (<c>sub</c>) of the users who may authorize this gateway; empty for all users that the provider allows.</summary>
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
