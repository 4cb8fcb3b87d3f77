using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>Each threat of docs/security.md is tested where the page says.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void EveryThreat_NamesTestsThatExist()
    {
        var tests = Directory.EnumerateFiles(RepositoryFolder.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(f => "/" + Path.ChangeExtension(Path.GetRelativePath(RepositoryFolder.Root, f), null)).ToList();
        var rows = Rows();
        Assert.True(rows.Count > 10, "the table of threats is not where it was");
        foreach (var row in rows)
        {
            var named = Name().Matches(row.Split('|')[^2]).Select(m => m.Groups["name"].Value).ToList();
            Assert.True(named.Count > 0, $"no test is named: {row}");
            Assert.All(named, name => Assert.True(tests.Exists(t => t.EndsWith("/" + name, StringComparison.Ordinal)), $"there is no {name}: {row}"));
        }
    }

    private static List<string> Rows()
    {
        var section = MarkdownPage.Read("docs/security.md").Prose.Split("## Threats")[1].Split("\n## ")[0];
        return [.. section.Split('\n').Where(l => l.StartsWith('|')).Skip(2)];
    }

    [GeneratedRegex("`(?<name>[A-Za-z0-9/]+Tests)`")]
    private static partial Regex Name();
}
