using System.Diagnostics;

namespace Harmony.Jmix.Tests;

/// <summary>Runs <c>Peers/packages.mjs</c>: packages of others, and a second opinion on ours, by Node's own cryptography.</summary>
internal static class Node
{
    /// <summary>Runs one verb; what it prints, a line each.</summary>
    public static async Task<string[]> RunAsync(params string[] arguments)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "packages.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
