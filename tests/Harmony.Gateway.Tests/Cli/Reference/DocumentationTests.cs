using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Gateway.Cli.Reference;
using Harmony.Gateway.Hosting;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli.Reference;

/// <summary>The generated files in docs/ say what the program says.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void ConfigurationPage_IsUpToDate()
        => AssertUpToDate("configuration.md", "--markdown", MarkdownReference.Write(GatewayModules.CreateRegistry(TimeProvider.System)));

    [Fact]
    public void Schema_IsUpToDate()
        => AssertUpToDate("harmony.schema.json", "--schema", EditorSchema.Write(GatewayModules.CreateRegistry(TimeProvider.System)));

    [Fact]
    public void ConfigurationPage_LinksLeadSomewhere()
    {
        var page = File.ReadAllText(RepositoryFolder.PathOf("docs", "configuration.md"));
        var headings = page.Split('\n').Where(l => l.StartsWith('#')).Select(h => Anchor(h.TrimStart('#').Trim())).ToHashSet(StringComparer.Ordinal);
        Assert.All(InnerLink().Matches(page), link => Assert.Contains(link.Groups["anchor"].Value, headings));
    }

    /// <summary>What is written in a file is written here as there: <c>api_key</c>, never <c>Api_key</c>.</summary>
    [Fact]
    public void ConfigurationPage_NamesKeepTheirCase()
        => Assert.Empty(CapitalisedName().Matches(File.ReadAllText(RepositoryFolder.PathOf("docs", "configuration.md"))).Select(m => m.Value));

    /// <summary>Every example of the introduction binds without a word.</summary>
    [Fact]
    public void ConfigurationPage_ExamplesHaveNoMistakes()
    {
        var page = File.ReadAllText(RepositoryFolder.PathOf("docs", "configuration.md"));
        var examples = TomlBlock().Matches(page);
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            var problems = new ConfigProblems();
            var table = TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(example.Groups["text"].Value), "example", problems, new TomlReaderOptions());
            TomlBinder.Bind<ConfigFileContent>(table, "the file", problems);
            Assert.Empty(problems);
        });
    }

    private static string Anchor(string heading)
        => string.Concat(heading.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');

    private static void AssertUpToDate(string file, string option, string expected)
    {
        var path = RepositoryFolder.PathOf("docs", file);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == expected,
            $"docs/{file} is stale; renew it with: dotnet run --project src/Harmony.Gateway -- modules {option} > docs/{file}");
    }

    [GeneratedRegex(@"^\| .*\| (?:[A-Z][a-z0-9]*_\w+|Jwt|Basic|Bearer)[:,].*$", RegexOptions.Multiline)]
    private static partial Regex CapitalisedName();

    [GeneratedRegex(@"\]\(#(?<anchor>[^)]*)\)")]
    private static partial Regex InnerLink();

    [GeneratedRegex("```toml\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex TomlBlock();
}
