using Harmony.Core.Modules;

namespace Harmony.Core.Tests.Fakes;

/// <summary>What the packs of generated plug-ins call.</summary>
public static class PluginPack
{
    public static void AddStamper(ModuleRegistryBuilder modules)
        => modules.Add(
            new MiddlewareModule("stamper", "Of a plug-in.", ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, _) => new StampMiddleware())));

    public static void AddBuiltIn(ModuleRegistryBuilder modules)
        => modules.Add(new MiddlewareModule("tag", "Taken.", ModuleFactory<MiddlewareContext, IMiddleware>.From<NoOptions>((_, _) => new StampMiddleware())));

    public static void Fail(ModuleRegistryBuilder modules) => throw new InvalidOperationException($"no {modules.GetType().Name} today");
}
