using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>Compares JSON with docs/cli.md, which promises its members to programs.</summary>
internal static class PageMembers
{
    private static readonly string Page = File.ReadAllText(RepositoryFolder.PathOf("docs", "cli.md"));

    /// <summary>Every member stands in the page; the options in an explanation have names of the configuration's own.</summary>
    public static void AssertDocumented(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) AssertDocumented(item);
        }

        foreach (var (name, value) in node as JsonObject ?? [])
        {
            Assert.True(Page.Contains($"`{name}`", StringComparison.Ordinal), $"docs/cli.md does not say what '{name}' is");
            if (name != "options" || value is JsonArray) AssertDocumented(value);
        }
    }
}
