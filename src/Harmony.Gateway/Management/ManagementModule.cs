using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Management;

/// <summary>The service <c>management</c>: what <c>[management]</c> puts behind its network. Here and not among the standard modules, because it steers the program.</summary>
internal sealed class ManagementModule(GatewayReference gateway) : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules) => modules.Add(new ServiceModule(ManagementTables.Name, "The API for operators; [management] puts it in place.")
    {
        Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<ManagementEndpointOptions>(ManagementEndpoint.Create),
        Backend = ModuleFactory<BackendContext, IBackend>.From<ManagementBackendOptions>((_, context) => ManagementBackend.Create(context, gateway)),
    });
}
