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

/// <summary><c>[network.NAME.limits]</c>: what clients may take of the HTTP listeners of a network.</summary>
public sealed record NetworkLimitsSection : ConfigNode
{
    /// <summary>Open connections, and as many again that were upgraded to WebSocket. A further one is closed at once.</summary>
    [AllowedRange(1)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes of all fields in the head of a request; above that 431.</summary>
    [AllowedRange(1024, 1_048_576)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Fields in the head of a request; above that 431.</summary>
    [AllowedRange(1, 10_000)]
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>Bytes of the first line of a request in HTTP/1.1; above that 414.</summary>
    [AllowedRange(64, 1_048_576)]
    public int MaxRequestLine { get; init; } = 8 * 1024;

    /// <summary>Seconds for the handshake of TLS.</summary>
    [AllowedRange(1, 3600)]
    public int HandshakeTimeoutSecs { get; init; } = 10;

    /// <summary>Seconds for the whole head of a request, from its first byte; then 408.</summary>
    [AllowedRange(1, 3600)]
    public int HeaderTimeoutSecs { get; init; } = 30;

    /// <summary>Seconds that a connection may be idle between requests.</summary>
    [AllowedRange(1, 86_400)]
    public int KeepAliveTimeoutSecs { get; init; } = 130;

    /// <summary>Bytes per second that a client must send of a body, and take of a response, on average; 0 for no such limit.</summary>
    [AllowedRange(0, 1_000_000_000)]
    public int MinDataRate { get; init; } = 240;

    /// <summary>Seconds during which a client may send its body slower than that.</summary>
    [AllowedRange(2, 3600)]
    public int MinDataRateGraceSecs { get; init; } = 5;

    /// <summary>
    /// Seconds during which a client may take nothing of a response: a paused video, a full disk, a busy viewer. A client that takes nothing for longer is cut
    /// off, so that it does not hold a connection to the origin for ever.
    /// </summary>
    [AllowedRange(2, 86_400)]
    public int StalledReaderSecs { get; init; } = 300;

    /// <summary>Seconds for a whole request, from its head to the last byte of its answer; 0 for no limit. Upgraded connections are not concerned.</summary>
    [AllowedRange(0, 86_400)]
    public int RequestTimeoutSecs { get; init; }

    /// <summary>Requests at the same time on one connection of HTTP/2.</summary>
    [AllowedRange(1, 10_000)]
    public int MaxHttp2Streams { get; init; } = 100;
}

/// <summary><c>[network.NAME.http3]</c>: a QUIC listener.</summary>
public sealed record Http3Section : ConfigNode
{
    /// <summary>IP address.</summary>
    [NotEmpty]
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>UDP port.</summary>
    [AllowedRange(1, 65535)]
    public int BindPort { get; init; } = 443;

    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }
}

/// <summary><c>[network.NAME.tcp_config]</c>: a TCP listener, with TLS when it has a certificate.</summary>
public sealed record TcpConfigSection : ConfigNode
{
    /// <summary>IP address, or <c>localhost</c>. 0.0.0.0 and [::] mean every interface.</summary>
    [NotEmpty]
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>Port.</summary>
    [AllowedRange(1, 65535)]
    public int BindPort { get; init; } = 8080;

    /// <summary>PEM file with the certificate and its chain. With <c>key_path</c> it turns TLS on.</summary>
    [NotEmpty]
    public string? CertPath { get; init; }

    /// <summary>PEM file with the private key: PKCS#8, PKCS#1 or EC, not encrypted.</summary>
    [NotEmpty]
    public string? KeyPath { get; init; }

    /// <summary>Further certificates, for host names of their own; a client is shown the one for the name it asks for (SNI), else the first.</summary>
    public IReadOnlyList<CertificateSection> Certificates { get; init; } = [];

    /// <summary>Oldest version of TLS that is spoken.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>PEM file with the authorities that vouch for clients' certificates; no others do.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// Whether clients are asked for a certificate: not, if they like, or before anything else; <c>require</c> where there is a <c>client_ca_path</c>, else
    /// <c>none</c>.
    /// </summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Whether it speaks TLS.</summary>
    [NotAKey]
    public bool HasTls => CertPath is not null || Certificates.Count > 0;

    /// <summary>Without TLS: answer every request with a redirect to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>Without TLS: speak HTTP/2 only, by prior knowledge (RFC 9113 §3.3), for gRPC inside a trusted network.</summary>
    public bool H2c { get; init; }
}

/// <summary><c>[[network.NAME.tcp_config.certificates]]</c>: one of several certificates of a listener. The host names are those in the certificate.</summary>
public sealed record CertificateSection : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }
}
