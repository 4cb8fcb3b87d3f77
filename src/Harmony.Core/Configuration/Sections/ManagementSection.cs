namespace Harmony.Core.Configuration;

/// <summary><c>[management]</c>: the API for operators.</summary>
public sealed record ManagementSection : ConfigNode
{
    /// <summary>The least length of a token: what is shorter can be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Whether it is served.</summary>
    public bool Enabled { get; init; }

    /// <summary>The first segments of its paths; slashes around them do not matter.</summary>
    public string BasePath { get; init; } = "admin";

    /// <summary>The network that serves it; without one, <c>management</c> on 127.0.0.1:9090.</summary>
    public string? Network { get; init; }

    /// <summary>
    /// What operators show as bearer token to change something, at least 16 characters. Without one, a token is made at the first start and
    /// kept in the storage, where only the gateway's user can read it.
    /// </summary>
    [NotEmpty]
    [Secret]
    public string? Token { get; init; }

    /// <summary>Subjects of client certificates that may do what the token allows, e.g. <c>CN=ops</c>; the network needs a <c>client_ca_path</c>.</summary>
    public IReadOnlyList<string> AdminCertificates { get; init; } = [];
}
