using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Reference;

namespace Harmony.Core.Tests.Configuration.Reference;

/// <summary>What the records say about themselves.</summary>
public sealed class ConfigReferenceTests
{
    [Fact]
    public void Key_HasEverythingTheBinderKnows()
    {
        var port = Key<TcpConfigSection>("bind_port");
        Assert.Equal(("integer", "8080", "Port.", false), (port.Shape.Words, port.Default, port.Summary, port.IsRequired));
        Assert.Equal(["1 to 65535"], port.Constraints);
    }

    [Theory]
    [InlineData("networks", "array of strings")]
    [InlineData("routes", "array of tables")]
    [InlineData("mesh", "table")]
    [InlineData("middleware", "array of strings or table of arrays of strings")]
    public void Type_IsInTermsOfToml(string key, string words) => Assert.Equal(words, Key<PipelineSection>(key).Shape.Words);

    [Fact]
    public void Secret_HasNoDefault() => Assert.Equal((true, null), (Key<MeshSection>("jwt_secret").IsSecret, Key<MeshSection>("jwt_secret").Default));

    [Fact]
    public void OtherNames_AndAllowedValues_AreListed()
    {
        var key = Key<RuleSection>("type");
        Assert.Equal(["rule_type"], key.OtherNames);
        Assert.Contains("allow_all", key.AllowedValues!);
        Assert.True(key.IsRequired);
    }

    [Fact]
    public void ListLimits_CountEntries() => Assert.Equal(["at least 1 entry"], Key<IngressSection>("urls").Constraints);

    [Fact]
    public void Summary_IsMarkdownOnOneLine()
        => Assert.Equal("Whether only members (`mesh`) or all clients (`default`) may send requests.", Key<IngressSection>("mode").Summary);

    [Fact]
    public void EveryKeyOfEveryTable_SaysWhatItIsFor() => AssertSaid(ConfigReference.File, []);

    [Theory]
    [InlineData("a\"b\\c\n", """ "a\"b\\c\n" """)]
    [InlineData(true, "true")]
    [InlineData(1.5, "1.5")]
    [InlineData(2.0, "2.0")]
    [InlineData(ConfigSeverity.Warning, "\"warning\"")]
    [InlineData(null, null)]
    public void TomlText_IsAsWritten(object? value, string? text) => Assert.Equal(text?.Trim(), TomlText.Of(value));

    private static void AssertSaid(TableReference table, HashSet<Type> seen)
    {
        if (!seen.Add(table.Record)) return;
        foreach (var key in table.Keys)
        {
            Assert.True(key.Summary.Length > 0, $"{table.Record.Name} does not say what '{key.Name}' is for");
            if (key.Shape.InnerTable is { } inner) AssertSaid(inner, seen);
        }
    }

    private static KeyReference Key<T>(string name) => ConfigReference.Of(typeof(T)).Keys.Single(k => k.Name == name);
}
