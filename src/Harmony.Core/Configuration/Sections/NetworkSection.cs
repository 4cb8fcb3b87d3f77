namespace Harmony.Core.Configuration;

/// <summary><c>[network.NAME]</c>: where the gateway listens.</summary>
public sealed record NetworkSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Says that the network is a WireGuard interface.</summary>
    public bool EnableWireguard { get; init; }

    /// <summary>Name of the WireGuard interface.</summary>
    [NotEmpty]
    public string Interface { get; init; } = "wg0";

    /// <summary>The TCP listener.</summary>
    [AlsoKnownAs("http")]
    public TcpConfigSection? TcpConfig { get; init; }

    /// <summary>The QUIC listener.</summary>
    public Http3Section? Http3 { get; init; }

    /// <summary>Limits for the clients of its HTTP listeners.</summary>
    public NetworkLimitsSection Limits { get; init; } = new();

    /// <summary>Addresses and CIDR ranges of proxies whose forwarding header (see <c>forwarded</c>) is believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Header that the trusted proxies write: <c>x-forwarded-for</c> (with <c>X-Forwarded-Proto</c> and <c>-Host</c>) or <c>forwarded</c> (RFC 7239). The other
    /// header is ignored, because a proxy may pass on what the client wrote there.
    /// </summary>
    [AllowedValues("x-forwarded-for", "forwarded")]
    public string Forwarded { get; init; } = "x-forwarded-for";
}

/// <summary><c>[network.NAME.limits]</c>: limits for the clients of a network's HTTP listeners.</summary>
public sealed record NetworkLimitsSection : ConfigNode
{
    /// <summary>Most open connections, and as many again that were upgraded to WebSocket. Further connections are closed at once.</summary>
    [AllowedRange(1)]
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Most bytes of all headers of a request; more are refused with 431.</summary>
    [AllowedRange(1024, 1_048_576)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Most headers of a request; more are refused with 431.</summary>
    [AllowedRange(1, 10_000)]
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>Most bytes of an HTTP/1.1 request line; longer lines are refused with 414.</summary>
    [AllowedRange(64, 1_048_576)]
    public int MaxRequestLine { get; init; } = 8 * 1024;

    /// <summary>Time-out of the TLS handshake, in seconds.</summary>
    [AllowedRange(1, 3600)]
    public int HandshakeTimeoutSecs { get; init; } = 10;

    /// <summary>Time-out of the whole request head, in seconds from its first byte; then 408.</summary>
    [AllowedRange(1, 3600)]
    public int HeaderTimeoutSecs { get; init; } = 30;

    /// <summary>Seconds that a connection may be idle between two requests.</summary>
    [AllowedRange(1, 86_400)]
    public int KeepAliveTimeoutSecs { get; init; } = 130;

    /// <summary>Bytes per second at which a client must send a body and read a response, on average; 0 for no such limit.</summary>
    [AllowedRange(0, 1_000_000_000)]
    public int MinDataRate { get; init; } = 240;

    /// <summary>Seconds during which a client may send its body slower than <c>min_data_rate</c>.</summary>
    [AllowedRange(2, 3600)]
    public int MinDataRateGraceSecs { get; init; } = 5;

    /// <summary>
    /// Seconds for which a client may read nothing of a response: a paused video, a full disk, a busy viewer. After this time the gateway closes the
    /// connection, so that the client does not hold a connection to the target for ever.
    /// </summary>
    [AllowedRange(2, 86_400)]
    public int StalledReaderSecs { get; init; } = 300;

    /// <summary>
    /// Time-out of a whole request, in seconds from its head to the last byte of its response; 0 for no limit. Upgraded connections have no such limit.
    /// </summary>
    [AllowedRange(0, 86_400)]
    public int RequestTimeoutSecs { get; init; }

    /// <summary>Most concurrent requests on one HTTP/2 connection.</summary>
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
    /// <summary>IP address to listen on, or <c>localhost</c>. 0.0.0.0 and [::] mean every interface.</summary>
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

    /// <summary>
    /// Further certificates for other host names. The gateway chooses by the host name that the client asks for (SNI), and uses <c>cert_path</c> for all other
    /// names.
    /// </summary>
    public IReadOnlyList<CertificateSection> Certificates { get; init; } = [];

    /// <summary>Oldest TLS version that is accepted.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>PEM file with the CA certificates that verify clients' certificates; the system's are not used.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// Whether clients need a certificate: not asked for (<c>none</c>), asked for but optional (<c>request</c>), or mandatory (<c>require</c>). When absent:
    /// <c>require</c> if there is a <c>client_ca_path</c>, else <c>none</c>.
    /// </summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Whether it speaks TLS.</summary>
    [NotAKey]
    public bool HasTls => CertPath is not null || Certificates.Count > 0;

    /// <summary>For a listener without TLS: redirects every request to https.</summary>
    public bool ForceHttps { get; init; }

    /// <summary>For a listener without TLS: accepts HTTP/2 only, by prior knowledge (RFC 9113 §3.3), for gRPC inside a trusted network.</summary>
    public bool H2c { get; init; }
}

/// <summary><c>[[network.NAME.tcp_config.certificates]]</c>: a further certificate of a listener. It serves the host names that it contains.</summary>
public sealed record CertificateSection : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }
}
