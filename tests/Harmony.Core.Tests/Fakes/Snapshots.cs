using Harmony.Core.Configuration;
using Harmony.Core.Runtime;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Snapshots of nothing, which own what they are given.</summary>
internal static class Snapshots
{
    public static GatewaySnapshot Owning(params object[] owned) => new(new ConfigSet("config.toml", "/", [], []), [], [], owned);
}
