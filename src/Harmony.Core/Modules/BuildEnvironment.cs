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

    /// <summary>Tables that something has been built from.</summary>
    public UsedSections Used { get; } = new();

    /// <inheritdoc cref="ConfigSet.PathOf"/>
    public string PathOf(string configured) => Config.PathOf(configured);
}
