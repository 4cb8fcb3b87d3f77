using Harmony.JsonSchema.Values;
using Harmony.Testing;

namespace Harmony.JsonSchema.Tests.Values;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("10e-1", "1", 0)]
    [InlineData("-0", "0.000", 0)]
    [InlineData("0.1", "0.10000000000000000000000000001", -1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("-2", "-1", -1)]
    [InlineData("-1e400", "1e-400", -1)]
    [InlineData("1e999999999999999999999999", "2", 1)]
    [InlineData("12345", "1.2345e4", 0)]
    [InlineData("0.00123", "123e-5", 0)]
    public void Compare_TwoTexts(string left, string right, int expected)
    {
        Assert.Equal(expected, JsonNumber.Compare(JsonNumber.Parse(left), JsonNumber.Parse(right)));
        Assert.Equal(-expected, JsonNumber.Compare(JsonNumber.Parse(right), JsonNumber.Parse(left)));
        Assert.Equal(expected == 0, JsonNumber.Parse(left).GetHashCode() == JsonNumber.Parse(right).GetHashCode());
    }

    [Theory]
    [InlineData("4.5", "1.5", true)]
    [InlineData("35", "1.5", false)]
    [InlineData("0.0075", "0.0001", true)]
    [InlineData("0.00751", "0.0001", false)]
    [InlineData("0", "7", true)]
    [InlineData("1e308", "0.123456789", false)]
    [InlineData("1e999999999", "0.5", true)]
    [InlineData("7e999999999", "3", false)]
    [InlineData("-9", "3", true)]
    [InlineData("10", "1e1", true)]
    [InlineData("5", "1e1", false)]
    public void IsMultipleOf_WithoutRounding(string number, string divisor, bool expected)
        => Assert.Equal(expected, JsonNumber.Parse(number).IsMultipleOf(JsonNumber.Parse(divisor)));

    [Theory]
    [InlineData("1", true)]
    [InlineData("1.0", true)]
    [InlineData("1e2", true)]
    [InlineData("1.5e1", true)]
    [InlineData("1.5", false)]
    [InlineData("1e-1", false)]
    [InlineData("0.0", true)]
    public void IsInteger(string number, bool expected) => Assert.Equal(expected, JsonNumber.Parse(number).IsInteger);

    [Fact]
    public void IsMultipleOf_MillionDigits_TakesTimeOfTheText()
        => Pace.AssertWithin(TimeSpan.FromSeconds(5), () => JsonNumber.Parse(new string('7', 1_000_000)).IsMultipleOf(JsonNumber.Parse("0.37")));
}
