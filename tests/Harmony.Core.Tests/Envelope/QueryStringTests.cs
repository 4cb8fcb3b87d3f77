using Harmony.Core.Envelope;

namespace Harmony.Core.Tests.Envelope;

public class QueryStringTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1&b=2&a=3", "a=1|3 b=2")]
    [InlineData("a", "a=")]
    [InlineData("a=&=b", "a= =b")]
    [InlineData("&&a=1&", "a=1")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a+b=c+d", "a b=c d")]
    [InlineData("a%20b=%26%3D", "a b=&=")]
    [InlineData("n=M%C3%BCller", "n=Müller")]
    [InlineData("a=%", "a=%")]
    [InlineData("a=%zz", "a=%zz")]
    [InlineData("A=1&a=2", "A=1 a=2")]
    public void Parse_Query_GivesDecodedValuesInOrder(string query, string expected)
        => Assert.Equal(expected, string.Join(' ', QueryString.Parse(query).Select(p => $"{p.Key}={string.Join('|', p.Value)}")));

    [Fact]
    public void Parse_BytesThatAreNoText_DoNotThrow() => Assert.Single(QueryString.Parse("a=%FF%FE"));
}
