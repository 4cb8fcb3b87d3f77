using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Tests.Documents;

public class DoubleTextTests
{
    [Theory]
    [InlineData(0d, "0.0")]
    [InlineData(-0d, "-0.0")]
    [InlineData(4d, "4.0")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(9999999d, "9999999.0")]
    [InlineData(10000000d, "1.0E7")]
    [InlineData(-12345678.5, "-1.23456785E7")]
    [InlineData(1e21, "1.0E21")]
    [InlineData(1.7976931348623157E308, "1.7976931348623157E308")]
    [InlineData(5E-324, "5.0E-324")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void Of_Double_IsWrittenAsJavaDoes(double value, string text)
    {
        Assert.Equal(text, DoubleText.Of(value));
        Assert.Equal(value, double.Parse(DoubleText.Of(value)));
        Assert.True(DocNumber.IsJson(DoubleText.Of(value)));
    }
}
