using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Modules;

/// <summary>What everything that is built for one configuration shares.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Clock">Tells the time.</param>
public sealed record BuildEnvironment(ConfigSet Config, ILoggerFactory Loggers, TimeProvider Clock)
{
    /// <summary>Limits of what may be buffered and parsed.</summary>
    public ContentLimitsSection Limits => Config.Proxy.ContentLimits;

    /// <summary>State that a new configuration takes over from the one before it.</summary>
    public CarriedUse Carried { get; init; } = new CarriedState().Begin();

    /// <summary>
    /// The file that a path of the configuration means: relative to the folder of the main file, or, if there is none, to the working
    /// directory. Noted as a source of the configuration: when the file changes, the configuration is loaded again.
    /// </summary>
    public string PathOf(string configured)
    {
        var path = ConfigPaths.Find(Config.Directory, configured);
        Config.Sources.Add(path);
        return path;
    }
}
