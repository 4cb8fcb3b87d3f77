using Harmony.Core.Modules;

namespace Harmony.Mesh;

/// <summary>Members of a mesh. None of its modules is here yet: a pipeline that needs one serves nothing.</summary>
public sealed class MeshPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new PlannedModule("middleware", "mesh_auth", "Authenticates members of a mesh."));
    }
}
