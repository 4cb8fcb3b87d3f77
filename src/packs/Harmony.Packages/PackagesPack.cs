using Harmony.Core.Modules;
using Harmony.Packages.Jmix;
using Harmony.Packages.JmixBuilder;

namespace Harmony.Packages;

/// <summary>JMIX packages: the API that hands them out and takes them in, the middleware that builds and keeps them, and other servers of the API.</summary>
public sealed class PackagesPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new ServiceModule("jmix", "JMIX packages by study or identifier: download, manifest, upload.")
            {
                Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<JmixEndpointOptions>(JmixEndpoint.Create),
            })
            .Add(new ServiceModule("jmix_backend", "Another server of JMIX packages.")
            {
                Backend = ModuleFactory<BackendContext, IBackend>.From<JmixBackendOptions>(JmixBackend.Create),
            })
            .Add(new MiddlewareModule("jmix_builder", "Builds JMIX packages of studies, stores them and serves them.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JmixBuilderOptions>(JmixBuilderMiddleware.Create)));
    }
}
