using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Management.Views;

/// <summary>What this program is and how long it has run.</summary>
internal static class InfoView
{
    public static JsonObject Of(IManagedGateway gateway) => new()
    {
        ["version"] = Banner.Version,
        ["uptime"] = (long)gateway.Uptime.TotalSeconds,
        ["os"] = Os,
        ["arch"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        ["started_at"] = gateway.StartedAt,
        ["id"] = gateway.Snapshot.Config.Proxy.Id,
        ["name"] = gateway.Snapshot.Config.Proxy.Name,
        ["status"] = gateway.Readiness.ToString().ToLowerInvariant(),
    };

    private static string Os { get; } = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : RuntimeInformation.OSDescription;
}
