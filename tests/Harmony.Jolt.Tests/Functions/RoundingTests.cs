using Harmony.Jolt.Functions;

namespace Harmony.Jolt.Tests.Functions;

public class RoundingTests
{
    [Theory]
    [InlineData(2.5, 0, 3)]
    [InlineData(-2.5, 0, -3)]
    [InlineData(0.125, 2, 0.13)]
    [InlineData(1.005, 2, 1.0)] // the double is a little less than 1.005
    [InlineData(1e300, 5, 1e300)]
    [InlineData(5e-324, 10, 0)]
    [InlineData(3.9230769230769234, 4, 3.9231)]
    public void HalfUp_Double_GoesByItsExactValue(double value, int decimals, double expected) => Assert.Equal(expected, Rounding.HalfUp(value, decimals));
}
