using System.Diagnostics;
using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>
/// Every command that a page shows runs, in the order of the page, and prints what the page says. Those that cannot run in a test are listed with the reason.
/// <see cref="CliPageTests"/> runs the <c>console</c> blocks of docs/cli.md.
/// </summary>
public sealed class PagesRunTests
{
    private const string Root = "it changes the system, as root", Cluster = "it needs Docker or a cluster", Tree = "it builds or tests the whole tree",
        Demo = "ExamplesTests runs it", InDemo = "it needs more than one machine has; demo.sh has the same, and ExamplesTests runs that";

    /// <summary>Commands that no test runs from the page: by page and beginning, with why.</summary>
    private static readonly (string Page, string Command, string Why)[] Exceptions =
    [
        ("README.md", "./test.sh", Tree),
        ("CONTRIBUTING.md", "./test.sh", Tree),
        ("CONTRIBUTING.md", "dotnet build", Tree),
        ("CONTRIBUTING.md", "dotnet test", Tree),
        ("CONTRIBUTING.md", "dotnet format", Tree),
        ("CONTRIBUTING.md", "eng/public-api.sh", Tree),
        ("CONTRIBUTING.md", "bench/http.sh", "it takes minutes, beside other proxies"),
        ("docs/cloud.md", "runbeam login", "it needs an account of the cloud; CloudCommandTests has a stand of it"),
        ("docs/cloud.md", "harmony cloud", "it needs an account of the cloud; CloudCommandTests has a stand of it"),
        ("docs/cli.md", "harmony reload --url https://gateway.example:9090", "it needs a gateway elsewhere; AdminAccessTests has one with TLS"),
        ("docs/mesh.md", "harmony mesh", "it needs the keys of two clinics; MeshCommandTests has them"),
        ("docs/operations.md", "dotnet publish", Tree),
        ("docs/operations.md", "useradd", Root),
        ("docs/operations.md", "mkdir -p /etc/harmony", Root),
        ("docs/operations.md", "cp deploy/systemd", Root),
        ("docs/operations.md", "systemctl", Root),
        ("docs/operations.md", "docker", Cluster),
        ("docs/operations.md", "kubectl", Cluster),
        ("docs/operations.md", "helm", Cluster),
        ("docs/pixels.md", "apt-get", Root),
        ("examples/custom-middleware/README.md", "", "it builds a plug-in; demo.sh does so, too, and ExamplesTests runs that"),
        ("examples/dicomweb/README.md", "examples/dicomweb/viewer.sh", "it fetches OHIF; ViewerTests has it"),
        ("examples/runbeam/README.md", "", InDemo),
        ("examples/storage-s3/README.md", "", InDemo),
        ("examples/websocket/README.md", "", "it compiles a program; demo.sh does so, too, and ExamplesTests runs that"),
    ];

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Where(p => Shown(p).Any(c => WhyNot(p, c) is null))];

    [DcmtkTheory("bash", "curl", "openssl")]
    [MemberData(nameof(Pages))]
    [Trait("Category", "Slow")]
    public async Task Commands_DoWhatThePageSays(string file)
    {
        using var folder = new ConfigFolder();
        var commands = Shown(file).Where(c => WhyNot(file, c) is null).ToList();
        var script = new PageScript(file, folder);
        var start = new ProcessStartInfo("bash", [script.Write(commands)]) { WorkingDirectory = folder.Path };
        start.Environment["PATH"] = $"{Path.Combine(folder.Path, "bin")}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = start.Environment["TMPDIR"] = folder.Path;
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // what the runtime leaves in the folder of temporary files
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList()) start.Environment.Remove(name);
        var run = await Programs.RunAsync(start, TimeSpan.FromMinutes(3));
        Assert.True(run.ExitCode == 0, run.Printed);
        foreach (var command in commands.Where(c => c.Output is not null))
        {
            var printed = script.OutputOf(command).ReplaceLineEndings("\n") + "\n";
            Assert.True(Regex.IsMatch(printed, script.PatternOf(command.Output!), RegexOptions.None, Guard.Limit), $"{file}:{command.Line} printed\n{printed}");
        }
    }

    /// <summary>The list holds no more than it has to.</summary>
    [Fact]
    public void Exceptions_AreCommandsOfThePage()
        => Assert.All(Exceptions, e => Assert.Contains(Shown(e.Page), c => c.Text.StartsWith(e.Command, StringComparison.Ordinal)));

    /// <summary>What of the environment would change what a page does.</summary>
    private static bool IsForeign(string name)
        => name.EndsWith("_PORT", StringComparison.Ordinal) || name is "HARMONY_LOG" or "RUST_LOG" or "XDG_STATE_HOME";

    private static IEnumerable<ShownCommand> Shown(string file)
        => file is "README.md" or "CONTRIBUTING.md" || file.Split('/')[0] is "docs" or "examples"
            ? ShownCommand.Of(MarkdownPage.Read(file)) : [];

    private static string? WhyNot(string file, ShownCommand command)
        => command.Text.EndsWith("/demo.sh", StringComparison.Ordinal) ? Demo
            : Exceptions.Where(e => e.Page == file && command.Text.StartsWith(e.Command, StringComparison.Ordinal)).Select(e => e.Why).FirstOrDefault();
}
