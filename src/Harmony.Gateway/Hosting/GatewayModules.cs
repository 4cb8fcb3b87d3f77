using Harmony.Core.Modules;
using Harmony.Gateway.Management;
using Harmony.Packs;

namespace Harmony.Gateway.Hosting;

/// <summary>The modules that are built into the program.</summary>
internal static class GatewayModules
{
    /// <summary>Makes their registry.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="gateway">Where the management API finds the gateway; null where none is going to run.</param>
    public static ModuleRegistry CreateRegistry(TimeProvider clock, GatewayReference? gateway = null)
    {
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(clock).AddTo(modules);
        new ManagementModule(gateway ?? new GatewayReference()).AddTo(modules);
        return modules.Build();
    }
}
