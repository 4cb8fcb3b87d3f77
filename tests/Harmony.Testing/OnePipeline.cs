namespace Harmony.Testing;

/// <summary>The tables of a configuration that lead all requests of one network, <c>main</c>, to one backend, which is the test's to define.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Name">What the pipeline is called.</param>
public sealed record OnePipeline(string Backend, string Name = "p")
{
    /// <summary>What <c>middleware</c> holds: names in quotation marks, with commas.</summary>
    public string Middleware { get; init; } = "";

    /// <summary>Further keys of <c>[network.main]</c>, such as <c>trusted_proxies</c>.</summary>
    public string Network { get; init; } = "";

    /// <summary>Further keys of <c>[network.main.tcp_config]</c>, such as <c>h2c</c>.</summary>
    public string Tcp { get; init; } = "";

    /// <summary>The keys of <c>[endpoints.all.options]</c>.</summary>
    public string Endpoint { get; init; } = "path_prefix = \"/\"";

    /// <summary>The tables.</summary>
    public string ToToml() => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main]
        {Network}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        {Tcp}
        [pipelines.{Name}]
        networks = ["main"]
        endpoints = ["all"]
        middleware = [{Middleware}]
        backends = ["{Backend}"]
        [endpoints.all]
        service = "http"
        [endpoints.all.options]
        {Endpoint}
        """;
}
