using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Configuration.Binding;

/// <summary>What the golden files do not show: the record that comes out.</summary>
public class TomlBinderTests
{
    [Fact]
    public void Bind_EveryKind_FillsTheRecord()
    {
        var options = Bind("""
            label = "x"
            count = 2
            ratio = 3
            loud = true
            mode = "fast"
            words = ["a", "b"]
            fields = { k = "v" }
            style.width = 4
            token = "two"
            shape = "VERY_FLAT"
            """, out var problems);
        Assert.Empty(problems);
        Assert.False(options.IsFaulty);
        Assert.Equal(("x", 2, 3.0, true, "fast", "two", TagShape.VeryFlat, 4L),
            (options.Text, options.Count, options.Ratio, options.Loud, options.Mode, options.Token, options.Shape, options.Style.Width));
        Assert.Equal(["a", "b"], options.Words);
        Assert.Equal("v", options.Fields["k"]);
    }

    [Fact]
    public void Bind_NothingGiven_LeavesTheDefaults()
    {
        var options = Bind("", out _);
        Assert.Equal((1, "safe", "one"), (options.Count, options.Mode, options.Token));
        Assert.False(options.Gives("count"));
    }

    [Fact]
    public void Bind_Alias_IsKnownByItsProperName()
    {
        var options = Bind("label = 'x'", out _);
        Assert.True(options.Gives("text"));
        Assert.Equal("file(1,9)", options.LocationOf("text").ToString());
    }

    [Fact]
    public void LocationOf_Item_IsItsOwnPlace()
    {
        var options = Bind("words = ['a',\n  'b']", out _);
        Assert.Equal("file(2,3)", options.LocationOf("words", 1).ToString());
        Assert.Equal("file(1,9)", options.LocationOf("words", 7).ToString());
    }

    [Fact]
    public void Bind_WrongInside_MakesTheOutsideFaultyToo()
    {
        var options = Bind("style.width = 'wide'", out var problems);
        Assert.True(options.IsFaulty);
        Assert.True(options.Style.IsFaulty);
        Assert.Single(problems);
    }

    [Fact]
    public void Bind_UnknownKey_IsNoFault() => Assert.False(Bind("nothing = 1", out _).IsFaulty);

    [Fact]
    public void Bind_SomeItemsWrong_KeepsTheOthers() => Assert.Equal(["a", "c"], Bind("words = ['a', 1, 'c']", out _).Words);

    [Theory]
    [InlineData("PathPrefix", "path_prefix")]
    [InlineData("Id", "id")]
    [InlineData("Hs256Secret", "hs256_secret")]
    [InlineData("H2c", "h2c")]
    public void SnakeCase_Property_GivesTheKey(string property, string key) => Assert.Equal(key, SnakeCase.From(property));

    private static TagOptions Bind(string toml, out ConfigProblems problems)
    {
        problems = [];
        return TomlBinder.Bind<TagOptions>(TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(toml), "file", problems, new TomlReaderOptions()), "[tag]",
            problems);
    }
}
