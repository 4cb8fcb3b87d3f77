using System.Reflection;
using Harmony.Core.Configuration;
using System.Runtime.Loader;

namespace Harmony.Core.Plugins;

/// <summary>
/// Where one plug-in and its own dependencies live. What the host has of the contracts (<c>Harmony.*</c>, the logging interfaces) is the
/// host's, so that an <c>IMiddleware</c> is the same type on both sides; everything else is the plug-in's own version of it.
/// </summary>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext("plug-in " + Path.GetFileName(path), isCollectible: true)
{
    private readonly AssemblyDependencyResolver _dependencies = new(path);

    /// <summary>Loads from a copy in memory, so that the file can be replaced while it is in use.</summary>
    public Assembly LoadCopy(string file)
    {
        using var assembly = new MemoryStream(BoundedFile.Read(file));
        var symbolFile = Path.ChangeExtension(file, ".pdb");
        using var symbols = File.Exists(symbolFile) ? new MemoryStream(BoundedFile.Read(symbolFile)) : null;
        return LoadFromStream(assembly, symbols);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
        => IsContract(assemblyName.Name!) || _dependencies.ResolveAssemblyToPath(assemblyName) is not { } file ? null : LoadCopy(file);

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
        => _dependencies.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : IntPtr.Zero;

    private static bool IsContract(string name) => name.StartsWith("Harmony.", StringComparison.Ordinal) || name == "Microsoft.Extensions.Logging.Abstractions";
}
