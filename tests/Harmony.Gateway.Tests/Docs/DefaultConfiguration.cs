using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>The configuration that comes with the program, on other ports and with its state below the folder, where <c>HOME</c> would have it.</summary>
internal static class DefaultConfiguration
{
    public static void WriteTo(ConfigFolder folder, int port, int management)
    {
        foreach (var name in new[] { "config.toml", "pipelines/welcome.toml", "pipelines/echo.toml" })
        {
            var text = File.ReadAllText(RepositoryFolder.PathOf(["config", .. name.Split('/')]));
            folder.Write(name, text.Replace("bind_port = 8080", $"bind_port = {port}", StringComparison.Ordinal)
                .Replace("[management]\n", $"[network.management.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = {management}\n[storage.options]\npath "
                    + $"= \"{Path.Combine(folder.Path, ".local", "state", "harmony")}\"\n[management]\nnetwork = \"management\"\n", StringComparison.Ordinal));
        }
    }
}
