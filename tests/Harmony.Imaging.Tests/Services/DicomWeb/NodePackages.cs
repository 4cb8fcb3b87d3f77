using System.Diagnostics;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>Programs of Node.js, and the packages that they need: fetched once, into the folder of build output.</summary>
internal static class NodePackages
{
    private static readonly SemaphoreSlim Fetching = new(1, 1);

    /// <summary>Where the packages are.</summary>
    public static string Folder { get; } = RepositoryFolder.PathOf("artifacts", "npm");

    /// <summary>Fetches packages where they are not there, and gives the folder of the first.</summary>
    public static async Task<string> FetchAsync(string name, string version)
    {
        var prefix = Path.Combine(Folder, name); // one for each: npm takes away what nobody has asked for
        var folder = Path.Combine(prefix, "node_modules", name);
        await Fetching.WaitAsync(Guard.Token);
        try
        {
            if (File.Exists(Path.Combine(folder, "package.json"))) return folder;
            Directory.CreateDirectory(prefix);
            await RunAsync("npm", TimeSpan.FromMinutes(5), "install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", $"{name}@{version}");
            return folder;
        }
        finally
        {
            Fetching.Release();
        }
    }

    /// <summary>Runs a program to its end, and gives what it printed.</summary>
    public static async Task<string> RunAsync(string program, TimeSpan limit, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(limit);
        var start = new ProcessStartInfo(Peers.PathOf(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        try
        {
            var (printed, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{await printed}");
            return await printed;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
