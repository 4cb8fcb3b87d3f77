namespace Harmony.Core.Modules;

/// <summary>A set of modules. The standard one is <c>StandardPacks</c>; an assembly of somebody else's brings one of its own.</summary>
public interface IModulePack
{
    /// <summary>Adds the modules.</summary>
    void AddTo(ModuleRegistryBuilder modules);
}
