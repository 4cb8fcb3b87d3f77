using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlLocationTests
{
    [Fact]
    public void Location_OfKeysAndValues_IsWhereTheyStart()
    {
        var table = TomlText.Read("a = 1\r\n\r\n  b.c = [ 'x',\r\n    { d = 2 } ] # end\r\n");
        Assert.Equal(["1,1", "1,5"], Places(table, "a"));
        Assert.Equal(["3,3", "3,3"], Places(table, "b"));
        var b = (TomlTable)table.At("b");
        Assert.Equal(["3,5", "3,9"], Places(b, "c"));
        Assert.Equal("3,11", table.At("b", "c", 0).Location.Place());
        Assert.Equal("4,5", table.At("b", "c", 1).Location.Place());
        Assert.Equal(["4,7", "4,11"], Places((TomlTable)table.At("b", "c", 1), "d"));
        Assert.Equal("test.toml", b.Location.File);
    }

    [Fact]
    public void Location_BehindMultiByteCharacters_CountsCodePoints()
    {
        var table = TomlText.Read("\"é😀\".x = { \"日本\" = '😀😀', z = 1 }");
        Assert.Equal(["1,6", "1,10"], Places((TomlTable)table.At("é😀"), "x"));
        Assert.Equal(["1,25", "1,29"], Places((TomlTable)table.At("é😀", "x"), "z"));
    }

    [Fact]
    public void Location_BehindAMultilineString_CountsItsLines() => Assert.Equal(["4,1", "4,5"], Places(TomlText.Read("a = '''\n\r\n'''\nb = 1"), "b"));

    [Fact]
    public void Location_OfATable_IsItsHeader()
    {
        var table = TomlText.Read("[a.b]\n[a]\n [[c]]\n[[c]]\n[c.d]");
        Assert.Equal(["2,2", "2,1"], Places(table, "a"));
        Assert.Equal(["1,4", "1,1"], Places((TomlTable)table.At("a"), "b"));
        Assert.Equal(["3,4", "3,2"], Places(table, "c"));
        Assert.Equal("3,2", table.At("c", 0).Location.Place());
        Assert.Equal("4,1", table.At("c", 1).Location.Place());
        Assert.Equal("5,1", table.At("c", 1, "d").Location.Place());
    }

    [Fact]
    public void Location_OfAnImpliedTable_IsWhereItIsFirstNamed() => Assert.Equal(["2,2", "2,2"], Places(TomlText.Read("\n[a.b]\n[a.c]"), "a"));

    [Fact]
    public void Location_OfTheRoot_IsTheFile() => Assert.Equal("test.toml", TomlText.Read("a = 1").Location.ToString());

    private static string[] Places(TomlTable table, string key) => [table.Entry(key).KeyLocation.Place(), table.Entry(key).Value.Location.Place()];
}
