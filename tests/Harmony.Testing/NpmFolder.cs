using System.Diagnostics;

namespace Harmony.Testing;

/// <summary>
/// The packages of npm that tests use, as <c>test.sh</c> installs them from <c>tests/npm/package.json</c>, and scripts for Node.js that use them.
/// </summary>
public static class NpmFolder
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests", "npm");

    /// <summary>Runs a script, which finds the packages by <c>require</c>.</summary>
    /// <param name="script">The script.</param>
    /// <param name="limit">How long it may run.</param>
    /// <param name="arguments">Seen as <c>process.argv</c> from 1 on.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it printed.</exception>
    public static async Task<string> RunAsync(string script, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(Requirements.Peers.PathOf("node"), ["-e", script, .. arguments]) { WorkingDirectory = Folder };
        start.Environment["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
        start.Environment["NODE_NO_WARNINGS"] = "1";
        var run = await Programs.RunAsync(start, limit);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException(run.Printed);
    }
}
