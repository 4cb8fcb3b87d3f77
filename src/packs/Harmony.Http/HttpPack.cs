using Harmony.Core.Modules;
using Harmony.Http.Adapters.Http;
using Harmony.Http.Middleware.Webhook;
using Harmony.Http.Quic;
using Harmony.Http.Services.Echo;
using Harmony.Http.Services.Http;
using Harmony.Http.Services.Http3;
using Harmony.Http.Services.Page;

namespace Harmony.Http;

/// <summary>HTTP endpoints and backends, services that respond by themselves, and webhooks.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="quic">Whether QUIC can be spoken.</param>
public sealed class HttpPack(TimeProvider clock, QuicSupport quic) : IModulePack
{
    /// <summary>The pack as this machine can run it.</summary>
    /// <param name="clock">Tells the time.</param>
    public HttpPack(TimeProvider clock)
        : this(clock, QuicSupport.OfThisMachine)
    {
    }

    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new HttpAdapter(clock, quic))
            .Add(new ServiceModule("echo", "Responds with the request that it received, for trying out pipelines.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<EchoEndpointOptions>(EchoEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<EchoBackendOptions>(EchoBackend.Create),
            })
            .Add(new ServiceModule("http", "HTTP endpoint and backend. Requests and responses stream.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<HttpEndpointOptions>(HttpEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<HttpBackendOptions>((options, context) => HttpBackend.Create(options, context, quic)),
            })
            .Add(new ServiceModule("http3", "Backend that sends requests over HTTP/3. As an endpoint, the same as http.")
            {
                Aliases = ["h3"],
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<HttpEndpointOptions>(HttpEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<Http3BackendOptions>((options, context) => Http3Backend.Create(options, context, quic)),
            })
            .Add(new ServiceModule("page", "Serves a page that shows the endpoints of this gateway.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<PageBackendOptions>(PageBackend.Create),
            })
            .Add(new MiddlewareModule("webhook", "Sends a notice about each request to another system.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<WebhookOptions>(WebhookMiddleware.Create)));
    }
}
