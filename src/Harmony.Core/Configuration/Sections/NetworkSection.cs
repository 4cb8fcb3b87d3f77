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

    /// <summary>Addresses and CIDR ranges of proxies that are believed about earlier hops, by the field that <c>forwarded</c> names.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>
    /// The field that the trusted proxies write: <c>x-forwarded-for</c> (with <c>X-Forwarded-Proto</c> and <c>-Host</c>) or <c>forwarded</c>
    /// (RFC 7239). The other one is ignored, because a proxy may let a client's own pass.
    /// </summary>
    [AllowedValues("x-forwarded-for", "forwarded")]
    public string Forwarded { get; init; } = "x-forwarded-for";
}
