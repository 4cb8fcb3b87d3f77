namespace Harmony.Testing;

/// <summary>The configuration of one pipeline from an <c>http</c> endpoint to an <c>http</c> backend; each part takes further TOML.</summary>
public sealed record ForwardingConfig(Uri Origin)
{
    /// <summary>What <c>middleware</c> holds: names in quotation marks, with commas.</summary>
    public string Middleware { get; init; } = "";

    /// <summary>Further keys of <c>[network.main]</c>, such as <c>trusted_proxies</c>.</summary>
    public string Network { get; init; } = "";

    /// <summary>Further keys of <c>[network.main.tcp_config]</c>, such as <c>h2c</c>.</summary>
    public string Tcp { get; init; } = "";

    /// <summary>The keys of <c>[endpoints.all.options]</c>.</summary>
    public string Endpoint { get; init; } = "path_prefix = \"/\"";

    /// <summary>Further keys of <c>[backends.origin.options]</c>.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Whether failed requests are repeated, as they are by default; most tests count them.</summary>
    public bool Retries { get; init; }

    /// <summary>Path behind the origin's address.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Whether the listener has a certificate, and with it HTTP/2 by negotiation.</summary>
    public bool Tls { get; init; }

    /// <summary>Starts a gateway with this configuration.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="quiet">Whether only warnings are logged.</param>
    public Task<TestGateway> StartAsync(TimeProvider? clock = null, bool quiet = false)
        => TestGateway.StartAsync(ToToml(), Tls ? TestCertificate.Files : null, clock, quiet: quiet);

    /// <summary>The whole configuration.</summary>
    public string ToToml() => $"""
        {Pipeline.ToToml()}
        [backends.origin]
        service = "http"
        [backends.origin.options]
        base_url = "{Origin.ToString().TrimEnd('/')}{BasePath}"
        {(Retries ? "" : "max_retries = 0")}
        {Backend}
        """;

    private OnePipeline Pipeline => new("origin", "forward")
    {
        Middleware = Middleware,
        Network = Network,
        Tcp = Tls ? $"{TestCertificate.Toml}\n{Tcp}" : Tcp,
        Endpoint = Endpoint,
    };
}
