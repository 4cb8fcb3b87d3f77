using System.Diagnostics;
using Harmony.Testing;

namespace Harmony.Jmix.Tests;

/// <summary>Runs <c>Peers/packages.mjs</c>: packages of others, and a second opinion on ours, by Node's own cryptography.</summary>
internal static class Node
{
    /// <summary>Runs one verb; what it prints, a line each.</summary>
    public static async Task<string[]> RunAsync(params string[] arguments)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "packages.mjs");
        var run = await Programs.RunAsync(new ProcessStartInfo("node", [script, .. arguments]));
        Assert.True(run.ExitCode == 0, run.Printed);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
