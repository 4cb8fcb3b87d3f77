using Harmony.Testing;

namespace Harmony.Fhir.Tests;

/// <summary>The configuration of a gateway whose <c>fhir</c> endpoint, at <c>/fhir</c>, leads to one backend, <c>server</c>.</summary>
/// <param name="Backend">The keys of <c>[backends.server]</c>.</param>
internal sealed record FhirConfig(string Backend)
{
    /// <summary>What <c>middleware</c> of the pipeline holds: a list of names, or the two sides.</summary>
    public string Middleware { get; init; } = "[]";

    /// <summary>The tables that define the middleware.</summary>
    public string Tables { get; init; } = "";

    /// <summary>Further keys of <c>[endpoints.fhir.options]</c>.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Further keys of <c>[network.main]</c>, such as <c>trusted_proxies</c>.</summary>
    public string Network { get; init; } = "";

    /// <summary>In front of a FHIR server that is asked once for each request.</summary>
    /// <param name="server">The base URL of the server.</param>
    /// <param name="keys">Further keys of the backend, such as <c>timeout_secs</c>.</param>
    public static FhirConfig For(string server, string keys = "") => new($"""
        service = "fhir"
        max_retries = 0
        {keys}
        options.base_url = "{server}"
        """);

    /// <summary>Starts a gateway with this configuration.</summary>
    /// <exception cref="InvalidOperationException">The configuration has errors; the message holds them.</exception>
    public Task<TestGateway> StartAsync() => TestGateway.StartAsync($"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main]
        {Network}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.fhir]
        networks = ["main"]
        endpoints = ["fhir"]
        middleware = {Middleware}
        backends = ["server"]
        {Tables}
        [endpoints.fhir]
        service = "fhir"
        [endpoints.fhir.options]
        path_prefix = "/fhir"
        {Endpoint}
        [backends.server]
        {Backend}
        """);
}
