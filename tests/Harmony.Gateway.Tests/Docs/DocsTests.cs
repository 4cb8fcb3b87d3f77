using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Gateway.Cli;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>What the pages show works: configurations check, commands exist, links lead somewhere.</summary>
public sealed class DocsTests
{
    /// <summary>The main file that a block without a [proxy] table of its own is a pipeline file of.</summary>
    private const string MainFile = """
        [proxy]
        name = "docs"
        primary_provider = "local"
        [network.default.tcp_config]
        bind_address = "127.0.0.1"
        """;

    public static TheoryData<string> Pages => [.. MarkdownPage.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void TomlBlocks_Parse(string file)
        => Assert.All(BlocksOf(file, "toml"), block =>
        {
            var problems = new ConfigProblems();
            TomlReader.Read(Encoding.UTF8.GetBytes(block.Text), $"{file}:{block.Line}", problems, new TomlReaderOptions { AllowVariables = true });
            Assert.Empty(problems);
        });

    /// <summary>Blocks marked <c>toml config</c> are whole: a main file, or a file to put into the pipelines folder of the default configuration.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task ConfigBlocks_HaveNoMistakes(string file)
    {
        foreach (var block in BlocksOf(file, "toml").Where(b => b.Info.StartsWith("toml config", StringComparison.Ordinal)))
        {
            var isMain = block.Text.Contains("[proxy]", StringComparison.Ordinal);
            using var folder = new ConfigFolder(isMain ? block.Text : MainFile);
            if (!isMain) folder.Write("pipelines/block.toml", block.Text);
            TestCertificate.Write(Path.Combine(folder.Path, "tls", "cert.pem"), Path.Combine(folder.Path, "tls", "key.pem"));
            folder.Write("tls/ca.pem", File.ReadAllText(Path.Combine(folder.Path, "tls", "cert.pem")));
            var run = await CommandLine.RunAsync(folder, "check", "--strict", "--config", "FOLDER/config.toml");
            Assert.True(run.ExitCode == 0, $"{file}({block.Line}):\n{run.Output}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void ShellBlocks_NameCommandsThatExist(string file)
    {
        var commands = HarmonyCommand.Create().Subcommands.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var line in BlocksOf(file, "sh").SelectMany(b => b.Text.Split('\n')).Where(l => l.StartsWith("harmony ", StringComparison.Ordinal)))
        {
            var word = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            Assert.True(word.StartsWith('-') || commands.Contains(word), $"{file}: there is no command '{word}' in '{line}'");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadSomewhere(string file)
        => Assert.All(MarkdownPage.Read(file).Links, link =>
        {
            var (path, anchor) = link.IndexOf('#') is var at and >= 0 ? (link[..at], link[(at + 1)..]) : (link, "");
            var target = path.Length == 0
                ? file
                : Path.GetRelativePath(RepositoryFolder.Root, Path.GetFullPath(Path.Combine(RepositoryFolder.Root, Path.GetDirectoryName(file)!, path)));
            Assert.True(Path.Exists(RepositoryFolder.PathOf(target)), $"{file}: '{link}' leads to {target}, which is not there");
            if (anchor.Length > 0) Assert.True(MarkdownPage.Read(target).Anchors.Contains(anchor), $"{file}: {target} has no heading '#{anchor}'");
        });

    private static IEnumerable<CodeBlock> BlocksOf(string file, string language) => MarkdownPage.Read(file).Blocks.Where(b => b.Language == language);
}
