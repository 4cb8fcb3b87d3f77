using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Management;
using Harmony.Packs;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>Reads a configuration, again and again, and builds snapshots of it, with one <see cref="CarriedState"/> for all of them.</summary>
/// <param name="configFile">The main file.</param>
/// <param name="registry">The modules there are without plug-ins.</param>
/// <param name="environment">Looks an environment variable up.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class GatewayLoader(string configFile, ModuleRegistry registry, Func<string, string?> environment, TimeProvider clock)
{
    private readonly CarriedState _carried = new();

    /// <summary>The main file.</summary>
    public string ConfigFile => configFile;

    /// <summary>Reads the files.</summary>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="isReadable">Whether there is something to build from.</param>
    /// <param name="earlier">The files of an earlier version, to be read in the place of those on the disk.</param>
    public ConfigSet Read(ConfigProblems problems, out bool isReadable, EarlierFiles? earlier = null)
    {
        var loader = new ConfigLoader(problems, environment) { Earlier = earlier };
        var config = loader.Load(configFile);
        isReadable = !loader.HasSyntaxErrors;
        return config;
    }

    /// <summary>Builds a snapshot; null where the problems have errors.</summary>
    public ValueTask<GatewaySnapshot?> BuildAsync(ConfigSet config, ILoggerFactory loggers, ConfigProblems problems)
        => new SnapshotBuilder(registry, loggers, clock, _carried).BuildAsync(config, problems);
}

/// <summary>The modules that are built into the program.</summary>
internal static class GatewayModules
{
    /// <summary>Makes their registry.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="gateway">Where the management API finds the gateway; null where none is going to run.</param>
    public static ModuleRegistry CreateRegistry(TimeProvider clock, GatewayReference? gateway = null)
    {
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(clock).AddTo(modules);
        new ManagementModule(gateway ?? new GatewayReference()).AddTo(modules);
        return modules.Build();
    }
}
