namespace Harmony.Core.Configuration;

/// <summary><c>[egress.NAME]</c>: a backend through which requests go to other members of a mesh.</summary>
public sealed record EgressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether requests may go to members only (<c>mesh</c>) or to every system (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>Name of the pipeline of the backend.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Backend of that pipeline; the first when absent.</summary>
    public string? Backend { get; init; }

    /// <summary>Purpose of the egress, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Turns the egress on.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>
/// <c>[proxy.egress]</c>: where the gateway may send its own requests: webhooks, fetching key sets, token introspection. These limits do not apply to backends,
/// which reach the targets that they are configured with.
/// </summary>
public sealed record EgressPolicySection : ConfigNode
{
    /// <summary>URL schemes that are allowed.</summary>
    [AllowedValues("http", "https")]
    [AllowedRange(1)]
    public IReadOnlyList<string> AllowedSchemes { get; init; } = ["http", "https"];

    /// <summary>
    /// Hosts that are allowed: names (<c>audit.example.org</c>), all names below a domain (<c>*.example.org</c>) or IP addresses. Every host is allowed when
    /// empty.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Addresses and CIDR ranges that are allowed although they are link-local, multicast or a cloud's metadata service.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>Further addresses and CIDR ranges that are denied, even if <c>allowed_addresses</c> contains them.</summary>
    public IReadOnlyList<string> DeniedAddresses { get; init; } = [];
}
