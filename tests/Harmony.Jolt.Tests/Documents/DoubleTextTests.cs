using System.Globalization;
using System.Numerics;
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
    [InlineData(1e-6, "1.0E-6")]
    [InlineData(-1e-7, "-1.0E-7")]
    [InlineData(9999999d, "9999999.0")]
    [InlineData(10000000d, "1.0E7")]
    [InlineData(-12345678.5, "-1.23456785E7")]
    [InlineData(9999999999999998d, "9.999999999999998E15")]
    [InlineData(1e21, "1.0E21")]
    [InlineData(1e23, "1.0E23")]
    [InlineData(1.7976931348623157E308, "1.7976931348623157E308")]
    [InlineData(5E-324, "4.9E-324")]
    [InlineData(1E-323, "9.9E-324")]
    [InlineData(2.98023223876953125E-8, "2.9802322387695312E-8")]
    [InlineData(4.1045368012983762E-289, "4.1045368012983762E-289")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void Of_Double_IsWrittenAsJavaDoes(double value, string text)
    {
        Assert.Equal(text, DoubleText.Of(value));
        Assert.Equal(value, double.Parse(DoubleText.Of(value)));
        Assert.True(DocNumber.IsJson(DoubleText.Of(value)));
    }

    [Fact]
    public void Of_EveryPowerAndMultiple_IsWhatTheDefinitionGives()
    {
        for (var exponent = -324; exponent <= 308; exponent++)
        {
            for (var digit = 1; digit <= 9; digit++)
            {
                var text = $"{digit}E{exponent}";
                var value = double.Parse(text, CultureInfo.InvariantCulture);
                if (value == 0 || double.IsInfinity(value)) continue;
                AssertDefined(value);
                AssertDefined(-value);
            }
        }

        for (var exponent = -1074; exponent <= 1023; exponent++)
        {
            var value = Math.ScaleB(1, exponent);
            AssertDefined(value);
            AssertDefined(Math.BitIncrement(value));
            if (exponent > -1074) AssertDefined(Math.BitDecrement(value));
        }
    }

    [Fact]
    public void Of_AMillionRandomDoubles_ReadsBackAndIsWhatTheDefinitionGives()
    {
        var random = new Random(20261130);
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            var text = DoubleText.Of(value);
            if (double.Parse(text, CultureInfo.InvariantCulture) != value) Assert.Fail($"{value:R} reads back from {text} as something else");
            if (i % 20 == 0) AssertDefined(value); // exact arithmetic on hundreds of digits takes its time
        }
    }

    private static void AssertDefined(double value)
    {
        var text = DoubleText.Of(value);
        if (text != JavaText(value)) Assert.Equal(JavaText(value), text);
    }

    /// <summary>
    /// By the definition of Java's <c>Double.toString</c>: of all decimals that round to the double, those of the least length, or of two digits where
    /// one would do; of them the one nearest to the exact value, of two the even one. Written with exact integers, so slowly and without a shortcut.
    /// </summary>
    private static string JavaText(double value)
    {
        var magnitude = Math.Abs(value);
        for (var length = 2; ; length++)
        {
            var rounded = magnitude.ToString("E" + (length - 1), CultureInfo.InvariantCulture);
            var exponent = int.Parse(rounded.AsSpan(rounded.IndexOf('E') + 1), CultureInfo.InvariantCulture);
            var digits = BigInteger.Parse(rounded[..rounded.IndexOf('E')].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var scale = exponent - length + 1;
            var best = new[] { digits - 1, digits, digits + 1 }
                .Where(d => double.Parse($"{d}E{scale}", CultureInfo.InvariantCulture) == magnitude)
                .OrderBy(d => Distance(d, scale, magnitude))
                .ThenBy(d => d.IsEven ? 0 : 1)
                .ToList();
            if (best.Count == 0) continue;
            var chosen = best[0].ToString(CultureInfo.InvariantCulture);
            return (value < 0 ? "-" : "") + Shaped(chosen, scale + chosen.Length - 1, magnitude);
        }
    }

    private static string Shaped(string digits, int exponent, double magnitude)
    {
        if (magnitude is < 1e-3 or >= 1e7)
        {
            var fraction = digits[1..].TrimEnd('0');
            return $"{digits[0]}.{(fraction.Length == 0 ? "0" : fraction)}E{exponent}";
        }

        var plain = exponent < 0 ? digits.Insert(0, new string('0', -exponent)) : digits.PadRight(exponent + 2, '0');
        var point = exponent < 0 ? 1 : exponent + 1;
        var rest = plain[point..].TrimEnd('0');
        return $"{plain[..point]}.{(rest.Length == 0 ? "0" : rest)}";
    }

    /// <summary>How far a decimal is from the exact value of a double, both scaled to integers.</summary>
    private static BigInteger Distance(BigInteger digits, int scale, double magnitude)
    {
        var bits = BitConverter.DoubleToInt64Bits(magnitude);
        var biased = (int)(bits >> 52);
        var mantissa = new BigInteger((bits & ((1L << 52) - 1)) | (biased == 0 ? 0 : 1L << 52));
        var power = Math.Max(biased, 1) - 1075;
        var exact = power >= 0 ? mantissa << power : mantissa;
        if (scale >= 0) digits *= BigInteger.Pow(10, scale);
        else exact *= BigInteger.Pow(10, -scale);
        if (power < 0) digits <<= -power;
        return BigInteger.Abs(digits - exact);
    }
}
