using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlTableTests
{
    [Fact]
    public void Headers_Nested_MakeTheTree()
    {
        var table = TomlText.Read("x = 1\n[ a . 'b' ] # comment\nx = 2\n[a]\nx = 3\n[a.b.c]\nx = 4\n[empty]");
        Assert.Equal(1, Assert.IsType<TomlInteger>(table.At("x")).Value);
        Assert.Equal(2, Assert.IsType<TomlInteger>(table.At("a", "b", "x")).Value);
        Assert.Equal(3, Assert.IsType<TomlInteger>(table.At("a", "x")).Value);
        Assert.Equal(4, Assert.IsType<TomlInteger>(table.At("a", "b", "c", "x")).Value);
        Assert.Empty(Assert.IsType<TomlTable>(table.At("empty")));
    }

    [Fact]
    public void ArrayOfTables_WithSubTables_BelongToItsLastTable()
    {
        var table = TomlText.Read("[[fruit]]\nname = 'apple'\n[fruit.skin]\nred = true\n[[fruit.kind]]\nn = 1\n"
            + "[[fruit.kind]]\nn = 2\n[[fruit]]\n[[fruit.kind]]\nn = 3");
        Assert.Equal(2, Assert.IsType<TomlArray>(table.At("fruit")).Count);
        Assert.True(Assert.IsType<TomlBoolean>(table.At("fruit", 0, "skin", "red")).Value);
        Assert.Equal(2, Assert.IsType<TomlInteger>(table.At("fruit", 0, "kind", 1, "n")).Value);
        Assert.Equal(3, Assert.IsType<TomlInteger>(table.At("fruit", 1, "kind", 0, "n")).Value);
    }

    [Fact]
    public void Header_BelowATableOfDottedKeys_AddsASubTable() =>
        Assert.IsType<TomlInteger>(TomlText.Read("[fruit]\napple.color = 'red'\n[fruit.apple.texture]\nsmooth = 1").At("fruit", "apple", "texture", "smooth"));

    [Theory]
    [InlineData("[a]\n\n[a]", "3,2: 'a' is already defined at line 1")]
    [InlineData("[a.b]\n[a]\n[a.b]", "3,4: 'a.b' is already defined at line 1")]
    [InlineData("a = 1\n[a]", "2,2: 'a' is already defined at line 1")]
    [InlineData("a = 1\n[a.b]", "2,2: 'a' is already defined at line 1, as an integer: nothing can be added to it")]
    [InlineData("a.b.c = 1\n[a.b]", "2,4: 'a.b' is already defined at line 1")]
    [InlineData("a = {}\n[a.b]", "2,2: 'a' is an inline table, complete at line 1: nothing can be added to it")]
    [InlineData("a = [{}]\n[a.b]", "2,2: 'a' is already defined at line 1, as an array: nothing can be added to it")]
    [InlineData("a = []\n[[a]]", "2,3: 'a' is already defined as an array value at line 1: [[a]] cannot add to it")]
    [InlineData("[a]\n[[a]]", "2,3: 'a' is already defined at line 1")]
    [InlineData("[a.b]\n[[a]]", "2,3: 'a' is already defined at line 1")]
    [InlineData("[[a.b]]\n[a.b]", "2,4: 'a.b' is already defined as an array of tables at line 1: write [[a.b]] to add to it")]
    [InlineData("[[a]]\n[a.b]\n[a.b]", "3,4: 'a.b' is already defined at line 2")]
    public void Header_AlreadyDefined_SaysWhere(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));

    [Theory]
    [InlineData("[]", "1,2: expected a key here, found ']'")]
    [InlineData("[a.]", "1,4: expected a key after '.', found ']'")]
    [InlineData("[a", "1,3: expected ']' after 'a' to close the header, found the end of the file")]
    [InlineData("[[a]", "1,4: expected ']]' after 'a' to close the header, found ']'")]
    [InlineData("[[a] ]", "1,4: expected ']]' after 'a' to close the header, found ']'")]
    [InlineData("[ [a]]", "1,3: expected a key here, found '['")]
    [InlineData("[a]]", "1,4: expected the end of the line after the header, found ']'")]
    [InlineData("[a b]", "1,4: expected ']' after 'a' to close the header, found 'b'")]
    [InlineData("[a] b = 1", "1,5: expected the end of the line after the header, found 'b'")]
    [InlineData("[a=1]", "1,3: expected ']' after 'a' to close the header, found '='")]
    [InlineData("[a]\n[b\n]", "2,3: expected ']' after 'b' to close the header, found the end of the line")]
    public void Header_Wrong_IsRefusedWithTheReason(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));
}
