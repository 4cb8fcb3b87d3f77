using Harmony.Core.Modules;

namespace Harmony.Packages;

/// <summary>JMIX packages. None of its modules is here yet: a pipeline that needs one serves nothing.</summary>
public sealed class PackagesPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new PlannedModule("service", "jmix", "JMIX packages endpoint."))
            .Add(new PlannedModule("service", "jmix_backend", "JMIX packages backend."))
            .Add(new PlannedModule("middleware", "jmix_builder", "Builds JMIX packages."));
    }
}
