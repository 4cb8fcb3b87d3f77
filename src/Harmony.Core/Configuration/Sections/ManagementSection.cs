namespace Harmony.Core.Configuration;

/// <summary><c>[management]</c>: the management API for operators.</summary>
public sealed record ManagementSection : ConfigNode
{
    /// <summary>The least length of a token: what is shorter can be guessed.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Turns the management API on.</summary>
    public bool Enabled { get; init; }

    /// <summary>First segments of the API's paths; slashes around them do not matter.</summary>
    public string BasePath { get; init; } = "admin";

    /// <summary>Network that serves the API. When absent, a network <c>management</c> on 127.0.0.1:9090 is added.</summary>
    public string? Network { get; init; }

    /// <summary>
    /// Bearer token that operators need for changes, at least 16 characters. When absent, the gateway makes a token at its first start and keeps it in the
    /// folder of <c>[storage]</c>, readable only for the gateway's user.
    /// </summary>
    [NotEmpty]
    [Secret]
    public string? Token { get; init; }

    /// <summary>Subjects of client certificates that have the rights of the token, e.g. <c>CN=ops</c>; the network needs a <c>client_ca_path</c>.</summary>
    public IReadOnlyList<string> AdminCertificates { get; init; } = [];
}
