using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Configuration;
using Harmony.Testing;

namespace Harmony.Access.Tests.Docs;

/// <summary>docs/policies.md has every type of rule with every option, and the types are those that a rule's table may name.</summary>
public sealed class PoliciesPageTests
{
    private static readonly string Table = File.ReadAllText(RepositoryFolder.PathOf("docs", "policies.md")).Split("## Rules\n")[1].Split("\n###")[0];

    [Fact]
    public void RuleTypes_AreThoseOfTheTable()
        => Assert.Equal(
            BoundKey.Of(typeof(RuleSection)).Single(k => k.Name == "type").AllowedValues!.Order(StringComparer.Ordinal),
            RuleTypes.Types.Select(t => t.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryTypeAndOption_StandsInTheTable()
        => Assert.All(RuleTypes.Types, type =>
        {
            var row = Table.Split('\n')
                .Single(l => l.StartsWith("| `", StringComparison.Ordinal) && l.Split('|')[1].Contains($"`{type.Name}`", StringComparison.Ordinal));
            Assert.All(BoundKey.Of(type.Options), key => Assert.Contains($"`{key.Name}`", row.Split('|')[2], StringComparison.Ordinal));
        });
}
