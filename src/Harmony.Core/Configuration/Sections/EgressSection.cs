namespace Harmony.Core.Configuration;

/// <summary><c>[egress.NAME]</c>: where requests leave for other members of a mesh.</summary>
public sealed record EgressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members may be reached (<c>mesh</c>) or every system (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>The pipeline it belongs to.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The backend of that pipeline; the first when absent.</summary>
    public string? Backend { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>
/// <c>[proxy.egress]</c>: where the gateway may send requests of its own, which are webhooks, key sets and token introspection. Backends
/// are not concerned: what they may reach is what they are configured for.
/// </summary>
public sealed record EgressPolicySection : ConfigNode
{
    /// <summary>Schemes that may be used.</summary>
    [AllowedValues("http", "https")]
    [AllowedRange(1)]
    public IReadOnlyList<string> AllowedSchemes { get; init; } = ["http", "https"];

    /// <summary>
    /// Hosts that may be reached: names (<c>audit.example.org</c>), all names below one (<c>*.example.org</c>) or IP addresses. Every host
    /// when empty.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Addresses and CIDR ranges that may be reached although they are link-local, multicast or a cloud's metadata service.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>Further addresses and CIDR ranges that may not be reached; over <c>allowed_addresses</c>.</summary>
    public IReadOnlyList<string> DeniedAddresses { get; init; } = [];
}
