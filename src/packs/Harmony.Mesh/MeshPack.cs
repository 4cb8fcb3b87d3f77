using Harmony.Core.Modules;
using Harmony.Mesh.Members;
using Harmony.Mesh.Middleware.MeshAuth;
using Harmony.Mesh.Providers;

namespace Harmony.Mesh;

/// <summary>Members of a mesh: the ingress for their requests, the egress that adds tokens, and the providers that know other members.</summary>
/// <param name="remote">Finds the providers that are asked over the network; null where there are none.</param>
public sealed class MeshPack(IMeshProviderSource? remote = null) : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new MeshModule(remote))
            .Add(new MiddlewareModule("mesh_auth", "Verifies mesh tokens of requests, or adds mesh tokens to requests for members.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<MeshAuthOptions>(MeshAuthBuilder.Create)));
    }
}
