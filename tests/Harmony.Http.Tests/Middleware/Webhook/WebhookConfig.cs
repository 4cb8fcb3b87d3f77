using Harmony.Testing;

namespace Harmony.Http.Tests.Middleware.Webhook;

/// <summary>A pipeline with one webhook before an echo.</summary>
internal static class WebhookConfig
{
    public static string Text(Uri receiver, string options = "", string proxy = "", string authentication = "") => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        {proxy}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        middleware = ["hook"]
        backends = ["echo"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.echo]
        service = "echo"
        [middleware.hook]
        type = "webhook"
        {authentication}
        [middleware.hook.options]
        endpoint = "{receiver}"
        {options}
        [authentications.receiver]
        method = "basic"
        options.username = "demo"
        options.password = "demo123"
        """;

    public static Task<TestGateway> StartAsync(Uri receiver, string options = "", string proxy = "", string authentication = "", TimeProvider? clock = null)
        => TestGateway.StartAsync(Text(receiver, options, proxy, authentication), clock: clock);
}
