using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+99", 99)]
    [InlineData("-17", -17)]
    [InlineData("1_000_0", 10000)]
    [InlineData("0xDEAD_beef", 0xDEADBEEF)]
    [InlineData("0x00", 0)]
    [InlineData("0o755", 493)]
    [InlineData("0b1101_0110", 214)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0x7fffffffffffffff", long.MaxValue)]
    public void Integer_AnyNotation_IsRead(string toml, long expected) =>
        Assert.Equal(expected, Assert.IsType<TomlInteger>(TomlText.Value("v = " + toml)).Value);

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("+3.14", 3.14)]
    [InlineData("-0.01", -0.01)]
    [InlineData("5e+22", 5e22)]
    [InlineData("1e06", 1e6)]
    [InlineData("-2E-2", -0.02)]
    [InlineData("6.626e-34", 6.626e-34)]
    [InlineData("224_617.445_991_228", 224617.445991228)]
    [InlineData("1e1_0", 1e10)]
    [InlineData("0e0", 0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    public void Float_AnyNotation_IsRead(string toml, double expected) => Assert.Equal(expected, Assert.IsType<TomlFloat>(TomlText.Value("v = " + toml)).Value);

    [Fact]
    public void Float_NegativeZero_KeepsItsSign() => Assert.True(double.IsNegative(Assert.IsType<TomlFloat>(TomlText.Value("v = -0.0")).Value));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Boolean_LowerCase_IsRead(string toml, bool expected) => Assert.Equal(expected, Assert.IsType<TomlBoolean>(TomlText.Value("v = " + toml)).Value);

    [Theory]
    [InlineData("01", "'01' is not a number, a number has no leading zeros: write 1")]
    [InlineData("-007", "'-007' is not a number, a number has no leading zeros: write -7")]
    [InlineData("00.5", "'00.5' is not a number, a number has no leading zeros: write 0.5")]
    [InlineData("1__2", "'1__2' is not a number, underscores stand only between digits: write 12")]
    [InlineData("1_", "'1_' is not a number, underscores stand only between digits: write 1")]
    [InlineData("0x_1", "'0x_1' is not a number, underscores stand only between digits: write 0x1")]
    [InlineData("-0x1", "'-0x1' is not a number, a hexadecimal, octal or binary integer has no sign: write 0x1")]
    [InlineData("0XFF", "'0XFF' is not a number, the prefix of the base is lower case: write 0xff")]
    [InlineData("0xfg", "'0xfg' is not a hexadecimal integer")]
    [InlineData("0o8", "'0o8' is not an octal integer")]
    [InlineData("0b2", "'0b2' is not a binary integer")]
    [InlineData(".5", "'.5' is not a number, a float needs a digit before the point: write 0.5")]
    [InlineData("1.", "'1.' is not a number, a float needs a digit after the point: write 1.0")]
    [InlineData("1.e5", "'1.e5' is not a number, a float needs a digit after the point: write 1.0e5")]
    [InlineData("1e", "'1e' is not a number, an exponent needs digits: write 1e0")]
    [InlineData("9223372036854775808", "'9223372036854775808' does not fit into a 64-bit integer")]
    [InlineData("-9223372036854775809", "'-9223372036854775809' does not fit into a 64-bit integer")]
    [InlineData("0x8000000000000000", "'0x8000000000000000' does not fit into a 64-bit integer")]
    [InlineData("30s", "'30s' is not a value; strings need quotes: \"30s\"")]
    [InlineData("127.0.0.1", "'127.0.0.1' is not a value; strings need quotes: \"127.0.0.1\"")]
    [InlineData("++1", "'++1' is not a value; strings need quotes: \"++1\"")]
    [InlineData("1e2.3", "'1e2.3' is not a value; strings need quotes: \"1e2.3\"")]
    [InlineData("+", "'+' is not a value; strings need quotes: \"+\"")]
    [InlineData("INF", "'INF' is not a value: write inf")]
    public void Number_Wrong_IsRefusedWithTheReason(string toml, string message) => Assert.Equal("1,5: " + message, TomlText.Error("v = " + toml));
}
