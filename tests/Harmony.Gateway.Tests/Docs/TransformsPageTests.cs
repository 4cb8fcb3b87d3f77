using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Harmony.Jolt;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>docs/transforms.md: every example makes what the page says, and no operation or function is left out.</summary>
public sealed partial class TransformsPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read(Path.Combine("docs", "transforms.md"));

    public static TheoryData<int> Specs => [.. Page.Blocks.Where(b => b.Info == "json spec").Select(b => b.Line)];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Example_MakesItsOutput(int line)
    {
        var at = Page.Blocks.Index().Single(b => b.Item.Line == line).Index;
        var context = Page.Blocks[at - 1].Info == "json context" ? Page.Blocks[at - 1] : null;
        var input = Page.Blocks[context is null ? at - 1 : at - 2];
        var output = Page.Blocks[at + 1];
        Assert.Equal(("json input", "json output"), (input.Info, output.Info));

        var chain = JoltChain.Compile(Encoding.UTF8.GetBytes(Page.Blocks[at].Text), $"{Page.File}:{line}");
        Assert.Empty(chain.Warnings);
        var made = chain.Apply(JsonNode.Parse(input.Text), context is null ? null : JsonNode.Parse(context.Text));
        Assert.Equal(JsonNode.Parse(output.Text)!.ToJsonString(), made?.ToJsonString());
    }

    [Fact]
    public void Examples_UseEveryOperationAndFunction()
    {
        var specs = string.Concat(Page.Blocks.Where(b => b.Info == "json spec").Select(b => b.Text));
        Assert.All(NamesIn("Operations", "OperationCatalog.cs"), name => Assert.Contains($"\"{name}\"", specs, StringComparison.Ordinal));
        Assert.All(NamesIn("Functions", "FunctionCatalog.cs"), name => Assert.Matches($@"={name}\b", specs));
    }

    private static IReadOnlyList<string> NamesIn(string folder, string file)
    {
        var names = Entry().Matches(File.ReadAllText(RepositoryFolder.PathOf("src", "engines", "Harmony.Jolt", folder, file)))
            .Select(m => m.Groups["name"].Value).ToList();
        Assert.NotEmpty(names);
        return names;
    }

    [GeneratedRegex("""\["(?<name>[\w-]+)"\] = """)]
    private static partial Regex Entry();
}
