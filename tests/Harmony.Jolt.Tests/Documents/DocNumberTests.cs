using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Tests.Documents;

public class DocNumberTests
{
    [Theory]
    [InlineData("0", true)]
    [InlineData("-1.50e+10", true)]
    [InlineData("1E5", true)]
    [InlineData("01", false)]
    [InlineData("+1", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("1e", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData("1 ", false)]
    [InlineData("NaN", false)]
    public void IsJson_Text_FollowsTheGrammar(string text, bool expected) => Assert.Equal(expected, DocNumber.IsJson(text));

    [Theory]
    [InlineData("+012", "12")]
    [InlineData(".5", "0.5")]
    [InlineData("1e3", "1000.0")]
    [InlineData("98765432109876543210", "98765432109876543210")]
    public void TryParse_Number_HasThisValue(string text, string value)
    {
        Assert.True(DocNumber.TryParse(text, out var number));
        Assert.Equal(value, number.ToValue().GetText());
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("")]
    public void TryParse_NoFiniteNumber_IsNone(string text) => Assert.False(DocNumber.TryParse(text, out _));
}
