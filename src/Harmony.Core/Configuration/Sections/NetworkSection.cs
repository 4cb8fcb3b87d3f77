namespace Harmony.Core.Configuration;

/// <summary><c>[network.NAME]</c>: where the gateway listens.</summary>
public sealed record NetworkSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Whether the network is a WireGuard interface.</summary>
    public bool EnableWireguard { get; init; }

    /// <summary>Name of that interface.</summary>
    [NotEmpty]
    public string Interface { get; init; } = "wg0";

    /// <summary>The TCP listener.</summary>
    [AlsoKnownAs("http")]
    public TcpConfigSection? TcpConfig { get; init; }

    /// <summary>The QUIC listener.</summary>
    public Http3Section? Http3 { get; init; }

    /// <summary>What clients may take of its HTTP listeners.</summary>
    public NetworkLimitsSection Limits { get; init; } = new();

    /// <summary>Addresses and CIDR ranges of proxies whose <c>Forwarded</c> and <c>X-Forwarded-*</c> fields are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}
