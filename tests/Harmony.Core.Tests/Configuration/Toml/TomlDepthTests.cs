using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlDepthTests
{
    private static readonly TomlReaderOptions Three = new() { MaxDepth = 3 };

    [Theory]
    [InlineData("v = [[[1]]]")]
    [InlineData("a.b.c.d = 1")]
    [InlineData("v = { a = { b = { c = 1 } } }")]
    [InlineData("v = [{ a.b = 1 }]")]
    [InlineData("[a.b.c]\nd = 1")]
    [InlineData("[[a.b]]\nd = 1")]
    public void Nesting_AtTheLimit_IsRead(string toml) => TomlText.Read(toml, Three);

    [Theory]
    [InlineData("v = [[[[1]]]]", "1,8")]
    [InlineData("a.b.c.d.e = 1", "1,8")]
    [InlineData("v = { a = { b = { c = { d = 1 } } } }", "1,23")]
    [InlineData("v = [{ a.b.c = 1 }]", "1,11")]
    [InlineData("[a.b.c.d]", "1,1")]
    [InlineData("[[a.b.c]]", "1,1")]
    [InlineData("[[a]]\n[a.b.c]", "2,1")]
    [InlineData("[a.b]\nc = [[]]", "2,6")]
    public void Nesting_BeyondTheLimit_IsRefused(string toml, string place) =>
        Assert.Equal($"{place}: nested too deeply: at most 3 arrays and tables may stand inside one another", TomlText.Error(toml, Three));

    [Theory]
    [InlineData("v = ", "[")]
    [InlineData("v = ", "{a=")]
    [InlineData("", "a.")]
    [InlineData("[", "a.")]
    public void Nesting_Enormous_IsOneErrorAndNoOverflow(string start, string repeated) =>
        Assert.Single(TomlText.Errors(start + string.Concat(Enumerable.Repeat(repeated, 100_000))));
}
