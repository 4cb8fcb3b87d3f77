using Harmony.Core.Modules;
using Harmony.Modules.Adapters.Http;
using Harmony.Modules.Middleware.Passthru;
using Harmony.Modules.Services.Echo;
using Harmony.Modules.Services.Http;

namespace Harmony.Modules;

/// <summary>Everything a configuration can name without a plug-in. A new module is one line here and a folder of its name.</summary>
/// <param name="clock">Tells the time.</param>
public sealed class StandardModules(TimeProvider clock) : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new HttpAdapter(clock))

            .Add(new ServiceModule("echo", "Answers with what it was asked, for trying pipelines out.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<EchoEndpointOptions>(EchoEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<EchoBackendOptions>(EchoBackend.Create),
            })
            .Add(new ServiceModule("http", "HTTP in and out: requests of every kind, streamed both ways.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<HttpEndpointOptions>(HttpEndpoint.Create),
                Backend = ModuleFactory<BackendContext, IBackend>.From<HttpBackendOptions>(HttpBackend.Create),
            })
            .Add(new ServiceModule("page", "Answers with a page that shows what this gateway offers.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<Services.Page.PageBackendOptions>(Services.Page.PageBackend.Create),
            })

            .Add(new MiddlewareModule("passthru", "Does nothing: a placeholder.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PassthruOptions>((_, _) => new PassthruMiddleware()))
            { Aliases = ["noop"] });

        PlannedModules.AddTo(modules);
    }
}
