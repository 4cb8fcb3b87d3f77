using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Tests.Paths;

public class PathParserTests
{
    [Theory]
    [InlineData("a.b", "a.b")]
    [InlineData("a[2].b", "a.[2].b")]
    [InlineData("[2]", "[2]")]
    [InlineData("a[]", "a.[]")]
    [InlineData("a[&2]", "a.[&(2,0)]")]
    [InlineData("a[&(2,1)][#3]", "a.[&(2,1)].[#3]")]
    [InlineData("&", "&(0,0)")]
    [InlineData("x-&1-&(2,3)y", "x-&(1,0)-&(2,3)y")]
    [InlineData("@a", "@(0,a)")]
    [InlineData("@a.b.c", "@(0,a).b.c")]
    [InlineData("@(a.b).c", "@(0,a.b).c")]
    [InlineData("@2.c", "@(2,).c")]
    [InlineData("@(2,a[1].&)", "@(2,a.[1].&(0,0))")]
    [InlineData("@(1,a.&(0,1)).b", "@(1,a.&(0,1)).b")]
    [InlineData("a[@(1,b[0])]", "a.[@(1,b.[0])]")]
    [InlineData("a[&2].@b[1].c", "a.[&(2,0)].@(0,b).[1].c")]
    [InlineData("a\\.b.c", "a\\.b.c")]
    [InlineData("\\@a.\\[b\\]", "@a.[b]")]
    [InlineData("a..b.", "a.b")]
    public void Parse_Path_HasTheseSteps(string path, string canonical) => Assert.Equal(canonical, PathParser.Parse(path).ToString());
}
