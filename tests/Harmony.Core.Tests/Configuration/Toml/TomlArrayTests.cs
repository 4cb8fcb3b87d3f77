using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlArrayTests
{
    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[ ]", 0)]
    [InlineData("[1]", 1)]
    [InlineData("[1, 'a', 1.5, true, [1], {a=1}]", 6)]
    [InlineData("[1,2,]", 2)]
    [InlineData("[ # one\n1 # two\n, # three\n\n2,\r\n]", 2)]
    [InlineData("[\n[true]\n,\n[inf]\n]", 2)]
    [InlineData("['''\na = 1\n[x]\n''',\n'b = 1']", 2)]
    public void Array_AnyLayout_IsRead(string toml, int count) => Assert.Equal(count, Assert.IsType<TomlArray>(TomlText.Value("v = " + toml)).Count);

    [Theory]
    [InlineData("[,]", "1,6: expected a value before ','")]
    [InlineData("[1,,2]", "1,8: expected a value before ','")]
    [InlineData("[1 2]", "1,8: expected ',' or ']' after a value of the array, found '2'")]
    [InlineData("[1,\n 'a' 'b',\n 2]", "2,6: expected ',' or ']' after a value of the array, found '''")]
    [InlineData("[1, 2}", "1,10: expected ',' or ']' after a value of the array, found '}'")]
    [InlineData("[1, 2", "1,5: the array is not closed: expected ']' before the end of the file")]
    [InlineData("[1, 2 # ]", "1,5: the array is not closed: expected ']' before the end of the file")]
    [InlineData("[1, 2\nb = 3", "1,5: the array is not closed: expected ']' before line 2")]
    [InlineData("[\n1,\n\n[b]\nc = 1", "1,5: the array is not closed: expected ']' before line 4")]
    [InlineData("[debug, info]", "1,6: 'debug' is not a value; strings need quotes: \"debug\"")]
    [InlineData("[1]]", "1,8: expected the end of the line after the value, found ']'")]
    public void Array_Wrong_IsRefusedWithTheReason(string toml, string error) => Assert.Equal(error, TomlText.Error("v = " + toml));

    [Fact]
    public void Array_WithWrongValues_ReportsEachLineAndKeepsTheRest()
    {
        var table = TomlText.Read("v = [\n  debug,\n  1,\n  info,\n]\nw = 1"u8.ToArray(), out var problems);
        Assert.Equal([2, 4], problems.Select(p => p.Location.Line));
        Assert.Single(Assert.IsType<TomlArray>(table.At("v")));
        Assert.IsType<TomlInteger>(table.At("w"));
    }
}
