namespace Harmony.Testing;

/// <summary>The configuration of one pipeline from an <c>http</c> endpoint to an <c>http</c> backend; each part takes further TOML.</summary>
public sealed record ForwardingConfig(Uri Origin)
{
    /// <summary>Further keys of <c>[network.main]</c>, such as <c>trusted_proxies</c>.</summary>
    public string Network { get; init; } = "";

    /// <summary>Further keys of <c>[network.main.tcp_config]</c>, such as <c>h2c</c>.</summary>
    public string Tcp { get; init; } = "";

    /// <summary>The keys of <c>[endpoints.all.options]</c>.</summary>
    public string Endpoint { get; init; } = "path_prefix = \"/\"";

    /// <summary>Further keys of <c>[backends.origin.options]</c>.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Path behind the origin's address.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Whether the listener has a certificate, and with it HTTP/2 by negotiation.</summary>
    public bool Tls { get; init; }

    /// <summary>Starts a gateway with this configuration.</summary>
    public Task<TestGateway> StartAsync() => TestGateway.StartAsync(ToToml(), Tls ? TestCertificate.Files : null);

    /// <summary>The whole configuration.</summary>
    public string ToToml() => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main]
        {Network}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        {(Tls ? TestCertificate.Toml : "")}
        {Tcp}
        [pipelines.forward]
        networks = ["main"]
        endpoints = ["all"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        [endpoints.all.options]
        {Endpoint}
        [backends.origin]
        service = "http"
        [backends.origin.options]
        base_url = "{Origin.ToString().TrimEnd('/')}{BasePath}"
        max_retries = 0
        {Backend}
        """;
}
