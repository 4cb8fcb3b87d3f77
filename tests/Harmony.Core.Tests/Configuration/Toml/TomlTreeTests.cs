using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlTreeTests
{
    private static readonly SourceLocation Here = new("test.toml", 3, 4);

    [Fact]
    public void Tree_BuiltByHand_ReadsLikeAParsedOne()
    {
        var table = new TomlTable([new TomlEntry("a", Here, new TomlArray([new TomlInteger(1, Here)], Here))], Here);
        Assert.Equal(1, Assert.IsType<TomlInteger>(table.At("a", 0)).Value);
        Assert.False(table.TryGet("b", out _));
        Assert.Equal(Here, table.Location);
    }

    [Fact]
    public void Table_WithTheSameKeyTwice_IsRefused()
    {
        var entry = new TomlEntry("a", Here, new TomlBoolean(true, Here));
        Assert.Throws<ArgumentException>(() => new TomlTable([entry, entry], Here));
    }

    [Theory]
    [InlineData("'a'", "a string")]
    [InlineData("1", "an integer")]
    [InlineData("1.0", "a float")]
    [InlineData("true", "a boolean")]
    [InlineData("1979-05-27T07:32:00Z", "a date-time with an offset")]
    [InlineData("1979-05-27T07:32:00", "a local date-time")]
    [InlineData("1979-05-27", "a local date")]
    [InlineData("07:32:00", "a local time")]
    [InlineData("[]", "an array")]
    [InlineData("{}", "a table")]
    [InlineData("$A", "a variable")]
    public void KindName_OfAValue_IsForMessages(string toml, string kind) =>
        Assert.Equal(kind, TomlText.Value("v = " + toml, new TomlReaderOptions { AllowVariables = true }).KindName);
}
