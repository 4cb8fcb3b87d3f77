using System.CommandLine;
using System.Text.Json;

namespace Harmony.Gateway.Cli.Starting;

/// <summary>A configuration that a command line stands for: written to a folder of its own for as long as its gateway runs.</summary>
internal static class WrittenConfiguration
{
    /// <summary>Runs a gateway on it until that is told to stop.</summary>
    /// <returns>The exit code of <c>harmony run</c>.</returns>
    public static async Task<int> RunAsync(string toml, InvocationConfiguration console, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-");
        try
        {
            var main = Path.Combine(folder.FullName, "config.toml");
            // What the gateway keeps goes with it.
            await File.WriteAllTextAsync(main, $"{toml}\n[storage.options]\npath = {Quote(folder.FullName)}\n", ct);
            return await RunCommand.RunAsync(main, console, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A string as TOML writes it, whatever is in it; what looks like a variable is none.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text).Replace("${", "\\u0024{", StringComparison.Ordinal);
}
