using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Tests.Paths;

public class GlobTests
{
    [Theory]
    [InlineData("*", "x", "x")]
    [InlineData("a*", "ab", "b")]
    [InlineData("*b", "ab", "a")]
    [InlineData("a*c", "abc", "b")]
    [InlineData("a*", "a", null)]
    [InlineData("a*c", "ac", null)]
    [InlineData("aa*aa", "aaa", null)]
    [InlineData("*-*", "a-b-c", "a|b-c")]
    [InlineData("*-*", "--b", "-|b")]
    [InlineData("*-*", "-b", null)]
    [InlineData("*-*", "a-", null)]
    [InlineData("*-*-*", "a-b-c-d", "a|b|c-d")]
    [InlineData("x*-*y", "x1-2y", "1|2")]
    [InlineData("x*-*y", "x1-y", null)]
    [InlineData("**", "abc", "a|bc")]
    [InlineData("**", "a", null)]
    [InlineData("***", "abc", "a|b|c")]
    [InlineData("*ab*", "abab", null)]
    [InlineData("*ab*", "xabab", "x|ab")]
    public void Match_Key_CapturesAsLittleAsPossible(string pattern, string key, string? captures)
    {
        var glob = new Glob(pattern.Split('*'));

        Assert.Equal(captures is not null, glob.IsMatch(key));
        if (captures is not null) Assert.Equal(captures, string.Join('|', Enumerable.Range(1, glob.Stars).Select(i => glob.Capture(key, i))));
        if (captures is not null) Assert.Equal(key, glob.Capture(key, 0));
    }
}
