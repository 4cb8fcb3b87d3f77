using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Gateway.Cli.Format;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>Files in one shape: comments stay, and no value changes.</summary>
public sealed class FormatCommandTests
{
    private static readonly string[] Folders = ["config", "examples", "deploy"];

    private const string Untidy = "# about the file\n\n\n[proxy]  # the gateway\nname=\"clinic\"   # its name\n\t primary_provider   =   'local'\r\n\n# where "
        + "it listens\n[network.main.tcp_config]\nbind_address=\"127.0.0.1\"\nbind_port = 8080\n[a.\"x = y\"]\ntext = \"\"\"\n  kept = as it is  "
        + "\n\"\"\"\nlist = [ 1,   # one\n   2 ]  \n\"k = v\"=1\n\n\n\n";

    private const string Tidy = "# about the file\n\n[proxy]  # the gateway\nname = \"clinic\"   # its name\nprimary_provider = 'local'\n\n# where it "
        + "listens\n[network.main.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = 8080\n\n[a.\"x = y\"]\ntext = \"\"\"\n  kept = as it is  "
        + "\n\"\"\"\nlist = [ 1,   # one\n   2 ]\n\"k = v\" = 1\n";

    [Fact]
    public void Document_GetsOneShape_AndKeepsIt()
    {
        Assert.Equal(Tidy, TomlFormatter.Format(Untidy));
        Assert.Equal(Tidy, TomlFormatter.Format(Tidy));
    }

    /// <summary>Every configuration of this repository means the same afterwards, and is not changed a second time.</summary>
    [Fact]
    public void ConfigurationsOfTheRepository_MeanTheSame()
    {
        var files = Folders.SelectMany(f => Directory.GetFiles(RepositoryFolder.PathOf(f), "*.toml", SearchOption.AllDirectories)).ToList();
        Assert.True(files.Count > 40);
        foreach (var text in files.Select(File.ReadAllText))
        {
            var formatted = TomlFormatter.Format(text);
            Assert.True(TomlEquality.AreEqual(Read(text), Read(formatted)), formatted);
            Assert.Equal(text.Count(c => c == '#'), formatted.Count(c => c == '#'));
            Assert.Equal(formatted, TomlFormatter.Format(formatted));
        }
    }

    [Fact]
    public async Task Command_ChecksAndFormatsTheFilesOfTheConfiguration()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good);
        folder.Write("pipelines/a.toml", "[pipelines.b]\nnetworks=[\"main\"]\n");
        var file = Path.Combine(folder.Path, "pipelines/a.toml");
        Assert.Equal(1, (await CommandLine.RunAsync(folder, "fmt", "--check", "FOLDER/pipelines/a.toml")).ExitCode);
        Assert.Equal("[pipelines.b]\nnetworks=[\"main\"]\n", await File.ReadAllTextAsync(file));
        var run = await CommandLine.RunAsync(folder, "fmt", "-c", "FOLDER/config.toml");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("[pipelines.b]\nnetworks = [\"main\"]\n", await File.ReadAllTextAsync(file));
        Assert.Equal(new CommandLine(0, "", ""), await CommandLine.RunAsync(folder, "fmt", "--check", "-c", "FOLDER/config.toml"));
    }

    [Fact]
    public async Task Command_FileThatIsNoToml_StaysAsItIs()
    {
        using var folder = new ConfigFolder("[proxy\nname=1\n");
        var run = await CommandLine.RunAsync(folder, "fmt", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("config.toml(1,7): error: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("[proxy\nname=1\n", await File.ReadAllTextAsync(folder.Main));
    }

    private static TomlTable Read(string text)
        => TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(text), "a.toml", [], new TomlReaderOptions { AllowVariables = true });
}
