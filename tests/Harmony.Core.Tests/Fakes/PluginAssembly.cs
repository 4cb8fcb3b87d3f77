using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Harmony.Core.Modules;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Assemblies made on the spot, as plug-ins may be.</summary>
internal static class PluginAssembly
{
    /// <summary>An assembly with a class for each name of a method of <see cref="PluginPack"/>, whose pack calls it.</summary>
    public static string Write(string folder, string name, params string[] calls)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name);
        foreach (var call in calls)
        {
            var pack = module.DefineType(call + "Pack", TypeAttributes.NotPublic | TypeAttributes.Sealed, typeof(object), [typeof(IModulePack)]);
            pack.DefineDefaultConstructor(MethodAttributes.Public);
            var add =
                pack.DefineMethod(nameof(IModulePack.AddTo), MethodAttributes.Public | MethodAttributes.Virtual, typeof(void), [typeof(ModuleRegistryBuilder)]);
            var code = add.GetILGenerator();
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, typeof(PluginPack).GetMethod(call)!);
            code.Emit(OpCodes.Ret);
            pack.CreateType();
        }

        if (calls.Length == 0) module.DefineType("Lonely", TypeAttributes.Public, typeof(ModuleContext)).CreateType(); // refers to Harmony.Core all the same
        var path = Path.Combine(folder, name + ".dll");
        assembly.Save(path);
        return path;
    }

    /// <summary>An assembly that says it was built against a version of an assembly.</summary>
    public static string WriteReferring(string folder, string name, string to, Version version)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(name), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), new Version(1, 0), default, default, default(System.Reflection.AssemblyFlags),
            AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString(to), version, default, default, default(System.Reflection.AssemblyFlags), default);
        metadata.AddTypeDefinition(TypeAttributes.NotPublic, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1),
            MetadataTokens.MethodDefinitionHandle(1));
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        var path = Path.Combine(folder, name + ".dll");
        File.WriteAllBytes(path, image.ToArray());
        return path;
    }
}
