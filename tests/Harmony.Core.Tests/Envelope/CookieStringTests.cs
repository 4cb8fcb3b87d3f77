using Harmony.Core.Envelope;

namespace Harmony.Core.Tests.Envelope;

public class CookieStringTests
{
    [Theory]
    [InlineData("a=1; b=2", "a=1 b=2")]
    [InlineData("a=1;b=2 ; c = 3", "a=1 b=2 c=3")]
    [InlineData("a=1; a=2", "a=1")]
    [InlineData("a=\"quoted\"", "a=quoted")]
    [InlineData("a=\"\"", "a=")]
    [InlineData("a=\"", "a=\"")]
    [InlineData("a=\"half", "a=\"half")]
    [InlineData("a=x=y==", "a=x=y==")]
    [InlineData("a=; =b; c; ;;", "a=")]
    [InlineData("", "")]
    public void Parse_CookieLine_GivesNamesAndValues(string line, string expected)
        => Assert.Equal(expected, string.Join(' ', CookieString.Parse(HeaderFieldsTests.Fields(("Cookie", line))).Select(c => $"{c.Key}={c.Value}")));

    [Fact]
    public void Parse_SeveralLines_TakesAll()
        => Assert.Equal(["a", "b"], CookieString.Parse(HeaderFieldsTests.Fields(("cookie", "a=1"), ("Cookie", "b=2; a=3"))).Keys);
}
