using System.Reflection;
using System.Runtime.Loader;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Plugins;

/// <summary>An assembly from outside the gateway with one <see cref="IModulePack"/>, loaded. Disposing it lets it be unloaded.</summary>
internal sealed class Plugin : IDisposable
{
    private readonly PluginLoadContext _context;

    private Plugin(PluginLoadContext context) => _context = context;

    /// <summary>Its modules.</summary>
    public required IModulePack Pack { get; init; }

    /// <summary>Loads an assembly and makes its pack.</summary>
    /// <param name="file">The assembly's path, absolute.</param>
    /// <exception cref="PluginException">It cannot be used; says why.</exception>
    public static Plugin Load(string file)
    {
        if (!File.Exists(file)) throw new PluginException("is not there");
        var context = new PluginLoadContext(file);
        try
        {
            var assembly = context.LoadCopy(file);
            CheckVersion(assembly);
            return new Plugin(context) { Pack = PackOf(assembly) };
        }
        catch (Exception e)
        {
            context.Unload();
            if (e is PluginException) throw;
            throw new PluginException(ReasonOf(e), e);
        }
    }

    public void Dispose() => _context.Unload();

    /// <summary>Another major version has other contracts, and a newer minor one may have what this program has not.</summary>
    private static void CheckVersion(Assembly assembly)
    {
        var host = typeof(IModulePack).Assembly.GetName();
        var wanted = Array.Find(assembly.GetReferencedAssemblies(), reference => reference.Name == host.Name)?.Version;
        if (wanted is null) throw new PluginException($"does not use {host.Name}, so it contains no IModulePack");
        if (wanted.Major == host.Version!.Major && wanted <= host.Version) return;
        throw new PluginException(
            $"was built against {host.Name} {wanted.ToString(3)}; this program has {host.Version.ToString(3)}: build it anew against that");
    }

    private static IModulePack PackOf(Assembly assembly)
    {
        var packs = Array.FindAll(assembly.GetTypes(), type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IModulePack)));
        if (packs.Length == 0) throw new PluginException("contains no IModulePack");
        if (packs.Length > 1) throw new PluginException($"contains {packs.Length} classes that implement IModulePack; expected exactly one");
        if (packs[0].GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is null)
        {
            throw new PluginException($"cannot be used: {packs[0].Name} has no constructor without parameters");
        }

        return (IModulePack)Activator.CreateInstance(packs[0], nonPublic: true)!;
    }

    private static string ReasonOf(Exception e) => e switch
    {
        BadImageFormatException => "is no .NET assembly",
        IOException or UnauthorizedAccessException when e is not FileNotFoundException and not FileLoadException => $"cannot be read: {e.Message}",
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => $"cannot be loaded: {first.Message}",
        TargetInvocationException { InnerException: { } inner } => $"cannot be used: its pack failed: {inner.Message}",
        _ => $"cannot be loaded: {e.Message}",
    };
}

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
