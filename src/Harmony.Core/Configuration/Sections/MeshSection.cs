using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary><c>[mesh.NAME]</c>: a group of gateways that trust each other.</summary>
public sealed record MeshSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol between members.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Provider that manages the mesh.</summary>
    [AllowedValues("local", "runbeam")]
    public required string Provider { get; init; }

    /// <summary>How members authenticate.</summary>
    [AllowedValues("jwt")]
    public string AuthType { get; init; } = "jwt";

    /// <summary>Shared secret.</summary>
    [Secret]
    public string? JwtSecret { get; init; }

    /// <summary>Further shared secrets that verify tokens, such as the previous or the next one.</summary>
    [Secret]
    public IReadOnlyList<string> JwtOtherSecrets { get; init; } = [];

    /// <summary>PEM file with the private key that signs tokens: RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA).</summary>
    public string? JwtPrivateKeyPath { get; init; }

    /// <summary>PEM file with the public key that verifies tokens.</summary>
    public string? JwtPublicKeyPath { get; init; }

    /// <summary>PEM files with further public keys that verify tokens: the previous key, the next key, keys of other members.</summary>
    public IReadOnlyList<string> JwtPublicKeyPaths { get; init; } = [];

    /// <summary>URL of the key set that verifies tokens.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>Members by name, each with its own keys. A token that is verified by a member's key must have that member as its subject.</summary>
    public IReadOnlyDictionary<string, MeshMemberSection> Members { get; init; } = new Dictionary<string, MeshMemberSection>();

    /// <summary>Issuer of the tokens (<c>iss</c>); the name of the mesh when absent.</summary>
    [NotEmpty]
    public string? Issuer { get; init; }

    /// <summary>Subject of this gateway's tokens (<c>sub</c>); the gateway's name when absent.</summary>
    [NotEmpty]
    public string? Subject { get; init; }

    /// <summary>Audience (<c>aud</c>) that received tokens must have and sent tokens get; no audience when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Seconds for which a token is valid.</summary>
    [AllowedRange(30, 86400)]
    public int TokenLifetimeSecs { get; init; } = 300;

    /// <summary>Seconds by which the clocks of issuer and gateway may differ.</summary>
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>Accepts each token once only (<c>jti</c>), and sends each request with a new token.</summary>
    public bool ReplayProtection { get; init; }

    /// <summary>Most tokens that <c>replay_protection</c> remembers until they expire. While the cache is full, requests with further tokens get 503.</summary>
    [AllowedRange(1, 10000000)]
    public int ReplayCacheSize { get; init; } = 100_000;

    /// <summary>
    /// Publishes this gateway's public keys on the networks of its ingress points, or of its egress points if it has no ingress: <c>true</c> for the path
    /// <c>/.well-known/mesh/NAME/jwks.json</c>, or another path.
    /// </summary>
    [WrittenAs(typeof(bool), typeof(string))]
    public TomlValue? PublishJwks { get; init; }

    /// <summary>
    /// PEM files with further public keys to publish: the next key before it signs, and the previous key until its tokens have expired.
    /// </summary>
    public IReadOnlyList<string> PublishedKeyPaths { get; init; } = [];

    /// <summary>Names of its ingress points.</summary>
    public IReadOnlyList<string> Ingress { get; init; } = [];

    /// <summary>Names of its egress points.</summary>
    public IReadOnlyList<string> Egress { get; init; } = [];

    /// <summary>Purpose of the mesh, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Turns the mesh on.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary><c>[mesh.NAME.members.MEMBER]</c>: the public keys of a member.</summary>
public sealed record MeshMemberSection : ConfigNode
{
    /// <summary>PEM file with the member's public key.</summary>
    [NotEmpty]
    public string? PublicKeyPath { get; init; }

    /// <summary>PEM files with further public keys of the member, such as the previous or the next one.</summary>
    public IReadOnlyList<string> PublicKeyPaths { get; init; } = [];

    /// <summary>URL of the member's key set.</summary>
    [NotEmpty]
    public string? JwksUrl { get; init; }
}

/// <summary><c>[ingress.NAME]</c>: the URLs through which other members of a mesh send requests to this gateway.</summary>
public sealed record IngressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members (<c>mesh</c>) or all clients (<c>default</c>) may send requests.</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>Name of the pipeline that gets the requests.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Endpoint of that pipeline; the first when absent.</summary>
    public string? Endpoint { get; init; }

    /// <summary>URLs of the ingress.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Audience that tokens must name; the mesh's audience when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Purpose of the ingress, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Turns the ingress on.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary><c>[provider.NAME]</c>: a service that provides configuration and resolves references. The provider <c>local</c> needs no table.</summary>
public sealed record ProviderSection : ConfigNode
{
    /// <summary>Base URL of the provider's API.</summary>
    public string? Api { get; init; }

    /// <summary>For a provider that is a folder: the folder of its TOML files, one file for each team, relative to the main file.</summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;

    /// <summary>
    /// What happens when the cloud changes a file that was edited here since the last push: the change is reported and not applied (<c>report</c>), or the
    /// cloud's text replaces the file (<c>cloud</c>).
    /// </summary>
    [AllowedValues("report", "cloud")]
    public string OnConflict { get; init; } = "report";

    /// <summary>Subjects (<c>sub</c>) of the users who may authorize this gateway. Every user that the provider allows when empty.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];
}

/// <summary><c>[runbeam]</c>: older form of <c>[provider.runbeam]</c>.</summary>
public sealed record RunbeamSection : ConfigNode
{
    /// <summary>Turns the provider on.</summary>
    public bool Enabled { get; init; }

    /// <summary>Base URL of the provider's API.</summary>
    public string? CloudApiBaseUrl { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;
}
