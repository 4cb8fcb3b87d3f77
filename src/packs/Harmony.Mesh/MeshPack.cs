using Harmony.Core.Modules;
using Harmony.Mesh.Providers;

namespace Harmony.Mesh;

/// <summary>Members of a mesh: who may enter, where requests leave with a token, and the providers that know other members.</summary>
/// <param name="remote">Finds the providers that are asked over the network; null where there are none.</param>
public sealed class MeshPack(IMeshProviderSource? remote = null) : IModulePack
{
    /// <summary>Where providers are found that are asked over the network.</summary>
    internal IMeshProviderSource? Remote { get; } = remote;

    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new PlannedModule("middleware", "mesh_auth", "Authenticates members of a mesh."));
    }
}
