using Harmony.Core.Modules;

namespace Harmony.Fhir;

/// <summary>FHIR. None of its modules is here yet: a pipeline that needs one serves nothing.</summary>
public sealed class FhirPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new PlannedModule("service", "fhir", "FHIR endpoint and backend."));
    }
}
