using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlKeyTests
{
    [Theory]
    [InlineData("bare_Key-1 = 1", "bare_Key-1")]
    [InlineData("1234 = 1", "1234")]
    [InlineData("-=1", "-")]
    [InlineData("\"\" = 1", "")]
    [InlineData("'' = 1", "")]
    [InlineData("\"127.0.0.1\" = 1", "127.0.0.1")]
    [InlineData("\"\\u00e9 \\\"\" = 1", "é \"")]
    [InlineData("'a\\b' = 1", "a\\b")]
    [InlineData("true = 1", "true")]
    public void Key_AnyNotation_IsRead(string toml, string key) => Assert.Equal(key, Assert.Single(TomlText.Read(toml)).Key);

    [Fact]
    public void Key_Dotted_MakesTables()
    {
        var table = TomlText.Read("a . \"b.c\". 'd' = 1\na.\"b.c\".e = 2\n3.14 = 4");
        Assert.Equal(1, Assert.IsType<TomlInteger>(table.At("a", "b.c", "d")).Value);
        Assert.Equal(2, Assert.IsType<TomlInteger>(table.At("a", "b.c", "e")).Value);
        Assert.Equal(4, Assert.IsType<TomlInteger>(table.At("3", "14")).Value);
    }

    [Fact]
    public void Key_DottedIntoATableThatIsOnlyImplied_DefinesIt()
    {
        Assert.Equal(2, Assert.IsType<TomlTable>(TomlText.Read("[a.b.c]\n[a]\nb.x = 1").At("a", "b")).Count);
        Assert.Equal("4,4: 'a.b' is already defined at line 1", TomlText.Error("[a.b.c]\n[a]\nb.x = 1\n[a.b]"));
    }

    [Fact]
    public void Table_ManyKeys_KeepsTheirOrder() => Assert.Equal(["z", "a", "m"], TomlText.Read("z = 1\na.x = 1\nm = 1").Select(e => e.Key));

    [Theory]
    [InlineData("a = 1\na = 2", "2,1: 'a' is already defined at line 1")]
    [InlineData("a = 1\n\"\\u0061\" = 2", "2,1: 'a' is already defined at line 1")]
    [InlineData("[t]\na.b = 1\n\na.b = 2", "4,3: 't.a.b' is already defined at line 2")]
    [InlineData("a.b = 1\na = 2", "2,1: 'a' is already defined at line 1")]
    [InlineData("a = 1\na.b = 2", "2,1: 'a' is already defined at line 1, as an integer: nothing can be added to it")]
    [InlineData("'x y' = 1\n'x y' = 2", "2,1: '\"x y\"' is already defined at line 1")]
    [InlineData("[a.b]\n[a]\nb.c = 1", "3,1: 'a.b' is already defined by a table header at line 1: add to it below that header")]
    [InlineData("[[a.b]]\n[a]\nb.c = 1", "3,1: 'a.b' is already defined as an array of tables at line 1: add to it below its header")]
    public void Key_AlreadyDefined_SaysWhere(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));

    [Theory]
    [InlineData("= 1", "1,1: expected a key here, found '='")]
    [InlineData(".a = 1", "1,1: expected a key here, found '.'")]
    [InlineData("a. = 1", "1,4: expected a key after '.', found '='")]
    [InlineData("a..b = 1", "1,3: expected a key after '.', found '.'")]
    [InlineData("größe = 1", "1,3: 'ö' is not allowed in a key without quotes: write \"größe\"")]
    [InlineData("a/b = 1", "1,2: '/' is not allowed in a key without quotes: write \"a/b\"")]
    [InlineData("“a” = 1", "1,1: '“' (a typographic quote: use \" or ') is not allowed in a key")]
    [InlineData("\u00a0a = 1", "1,1: U+00A0 (which is not an ordinary space) is not allowed in a key")]
    [InlineData("a\u00a0= 1", "1,2: U+00A0 (which is not an ordinary space) is not allowed in a key")]
    [InlineData("\"\"\"a\"\"\" = 1", "1,1: a multi-line string cannot be a key: use one quote on either side")]
    [InlineData("\"a = 1", "1,1: the string is not closed: expected \" before the end of the line")]
    [InlineData("a b = 1", "1,3: expected '=' after 'a', found 'b'; a key with spaces needs quotes: \"a b\"")]
    [InlineData("port 8080", "1,6: expected '=' after 'port', found '8080'")]
    [InlineData("port", "1,1: 'port' has no value: expected '=' and a value")]
    [InlineData("port # soon", "1,6: 'port' has no value: expected '=' and a value")]
    [InlineData("port =", "1,1: 'port' has no value: expected one after '='")]
    [InlineData("port = # soon", "1,1: 'port' has no value: expected one after '='")]
    [InlineData("port: 8080", "1,5: expected '=' between key and value, found ':'")]
    [InlineData("port == 8080", "1,7: expected a value after '=', found another '='")]
    [InlineData("a = 1 b = 2", "1,7: expected the end of the line after the value, found 'b'")]
    [InlineData("a = 1 // one", "1,7: expected the end of the line after the value, found '/'")]
    public void Key_Wrong_IsRefusedWithTheReason(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));
}
