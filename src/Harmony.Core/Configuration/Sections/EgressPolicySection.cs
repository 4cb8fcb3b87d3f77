namespace Harmony.Core.Configuration;

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
