using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlRecoveryTests
{
    [Fact]
    public void Mistakes_Independent_AreAllReportedAndTheRestIsRead()
    {
        var table = TomlText.Read("""
            level = debug
            port 8080
            name
            list = [ 1,
              2 ; 3,
              4 ]
            good = 1
            [server
            host = 'a'
            [client]
            good = 2
            """u8.ToArray(), out var problems);
        Assert.Equal([1, 2, 3, 5, 8], problems.Select(p => p.Location.Line));
        Assert.IsType<TomlInteger>(table.At("good"));
        Assert.IsType<TomlString>(table.At("server", "host"));
        Assert.IsType<TomlInteger>(table.At("client", "good"));
    }

    [Theory]
    [InlineData("a = \"first\nsecond\nthird\"\nb = 1", 1)]
    [InlineData("a =\n1\nb = 1", 1)]
    [InlineData("a = [ 1\n  )\n  [ 2 ],\n]\nb = 1", 2)]
    [InlineData("a = [\n  { x = 1 } }\n  ,'''\nc = \n'''\n]\nb = 1", 2)]
    [InlineData("a = \"x\" \"\"\"y\nz = 1\n\"\"\"\nb = 1", 1)]
    [InlineData("a = [ \"x,\n  \"y\",\n]\nb = 1", 1)]
    [InlineData("a = {\n  x = 1,\n  y = ),\n}\nb = 1", 1, 3)]
    [InlineData("[x]\nb = 1\n[x]\nb = 2\n[y]", 3)]
    [InlineData("[[x]\nb = 1\n[[x]]\nb = 1", 1)]
    [InlineData("[x y]\nb = 1\n[x z]\nb = 2", 1, 3)]
    public void Mistake_OverSeveralLines_HasNoEcho(string toml, params int[] lines) =>
        Assert.Equal(lines, TomlText.Errors(toml).Select(e => int.Parse(e.Split(',')[0])));

    [Fact]
    public void Table_AfterADuplicateHeader_DoesNotMixWithTheFirst()
    {
        var table = TomlText.Read("[x]\nb = 1\n[x]\nc = 2"u8.ToArray(), out _);
        Assert.Equal(["b"], ((TomlTable)table.At("x")).Select(e => e.Key));
    }

    [Fact]
    public void Mistakes_VeryMany_AreCappedAtTwenty_AndThatIsSaid()
    {
        var errors = TomlText.Errors(string.Concat(Enumerable.Repeat("a b c\n", 100)));
        Assert.Equal(21, errors.Length);
        Assert.EndsWith("mistakes below this line are not shown", errors[^1], StringComparison.Ordinal);
    }
}
