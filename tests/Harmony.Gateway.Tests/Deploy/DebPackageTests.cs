using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace Harmony.Gateway.Tests.Deploy;

/// <summary>The Debian package, unpacked into a root folder of its own: what its unit starts is there and serves.</summary>
public sealed class DebPackageTests(ITestOutputHelper printed)
{
    [PeerFact("dpkg-deb")]
    public async Task Package_HoldsWhatItsUnitStarts_AndServes()
    {
        using var folder = new TestFolder();
        var root = folder.PathOf("root");
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Harmony.Gateway", new DirectoryInfo(AppContext.BaseDirectory).Name));
        await RunAsync("bash", ["eng/package.sh", "--from", built, "linux-x64"], folder.Path);
        var package = Assert.Single(Directory.GetFiles(folder.Path, "harmony_*_amd64.deb"));
        await RunAsync("dpkg-deb", ["-x", package, root], folder.Path);
        await RunAsync("dpkg-deb", ["-e", package, folder.PathOf("control")], folder.Path);
        foreach (var file in new[]
        {
            "usr/share/man/man1/harmony.1.gz", "usr/share/bash-completion/completions/harmony", "usr/share/zsh/vendor-completions/_harmony",
            "usr/share/fish/vendor_completions.d/harmony.fish", "usr/lib/systemd/system/harmony.service", "etc/harmony/config.toml",
        })
        {
            Assert.True(File.Exists(Path.Combine(root, file)), file);
        }

        Assert.Equal(["echo.toml", "welcome.toml"], Directory.GetFiles(Path.Combine(root, "etc/harmony/pipelines")).Select(Path.GetFileName).Order());
        Assert.Equal(3, (await File.ReadAllLinesAsync(folder.PathOf("control/conffiles"))).Length);

        var unit = await File.ReadAllLinesAsync(Path.Combine(root, "usr/lib/systemd/system/harmony.service"));
        var words = unit.Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..].Split(' ');
        Assert.Equal(["/usr/bin/harmony", "run", "--last-good", "--config", "/etc/harmony/config.toml"], words);
        await ServesAsync(root, words);
        await ProxiesAsync(folder, package);
    }

    /// <summary>From the package to the first proxied request, in a fresh root: unpack, start, ask. How long that took is printed.</summary>
    private async Task ProxiesAsync(TestFolder folder, string package)
    {
        await using var origin = await KestrelOrigin.StartAsync(context => context.Response.WriteAsync("from behind"));
        var (port, root) = (FreePort.Take(), folder.PathOf("fresh"));
        var watch = Stopwatch.StartNew();
        await RunAsync("dpkg-deb", ["-x", package, root], folder.Path);
        var unpacked = watch.Elapsed;
        using var process = Process.Start(Environment(new ProcessStartInfo(Path.Combine(root, "usr/bin/harmony"),
            ["proxy", "--to", origin.Url.ToString(), "--port", $"{port}"]), root))!;
        try
        {
            await BannerAsync(process);
            var started = watch.Elapsed;
            using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
            Assert.Equal("from behind", await client.GetStringAsync("/").WaitAsync(Guard.Limit));
            printed.WriteLine($"package {new FileInfo(package).Length / 1e6:F1} MB, unpacked in {unpacked.TotalSeconds:F1} s, started in "
                + $"{(started - unpacked).TotalSeconds:F1} s, first proxied request after {watch.Elapsed.TotalSeconds:F1} s in all");
        }
        finally
        {
            await process.EndAsync();
        }
    }

    private static async Task ServesAsync(string root, string[] words)
    {
        var (port, management) = (FreePort.Take(), FreePort.Take());
        var main = root + words[^1];
        var text = (await File.ReadAllTextAsync(main)).Replace("bind_port = 8080", $"bind_port = {port}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(main,
            text.Replace("enabled = true",
                $"enabled = true\nnetwork = \"operators\"\n[network.operators.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = {management}",
                StringComparison.Ordinal));
        using var process = Process.Start(Environment(new ProcessStartInfo(root + words[0], [.. words[1..^1], main]), root))!;
        try
        {
            await BannerAsync(process);
            using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
            Assert.True(Directory.Exists(Path.Combine(root, "var/lib/harmony/config-history")));
        }
        finally
        {
            await process.EndAsync();
        }
    }

    private static ProcessStartInfo Environment(ProcessStartInfo start, string root)
    {
        (start.UseShellExecute, start.RedirectStandardOutput) = (false, true);
        start.Environment["STATE_DIRECTORY"] = Path.Combine(root, "var/lib/harmony");
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return start;
    }

    private static async Task BannerAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Guard.Limit) is { } line && !line.Contains("Press Ctrl-C", StringComparison.Ordinal))
        {
            // Its lines.
        }
    }

    private static async Task RunAsync(string program, string[] args, string output)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = RepositoryFolder.PathOf() };
        start.Environment["OUT"] = output;
        start.Environment["DPKG_DEB_COMPRESSOR_TYPE"] = "none";
        var run = await Programs.RunAsync(start, TimeSpan.FromMinutes(3));
        Assert.True(run.ExitCode == 0, run.Printed);
    }
}
