using Harmony.Core.Modules;

namespace CustomMiddleware;

/// <summary>What this assembly brings: one line for each module. The gateway looks for the one class of this kind.</summary>
public sealed class StampPack : IModulePack
{
    public void AddTo(ModuleRegistryBuilder modules)
        => modules.Add(new MiddlewareModule("stamp", "Marks requests and answers with a text.",
            ModuleFactory<MiddlewareContext, IMiddleware>.From<StampOptions>(StampMiddleware.Create)));
}
