using System.Globalization;
using System.Numerics;

namespace Harmony.Jolt.Functions;

/// <summary>Rounds doubles by the exact value they stand for: 1.005 is a little less than that, and becomes 1.0.</summary>
internal static class Rounding
{
    private const int MantissaBits = 52;
    private const int ExponentMask = 0x7FF;
    private const int ExponentBias = 1075;

    /// <summary>The nearest number with so many decimals; of two that are equally near, the one farther from zero.</summary>
    public static double HalfUp(double value, int decimals)
    {
        if (!double.IsFinite(value)) return value;
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> MantissaBits) & ExponentMask;
        var mantissa = new BigInteger((bits & ((1L << MantissaBits) - 1)) | (exponent == 0 ? 0 : 1L << MantissaBits));
        var power = Math.Max(exponent, 1) - ExponentBias;
        if (power >= 0) return value; // an integer already

        // value = mantissa / 2^-power, so value * 10^decimals rounded = (2 * mantissa * 10^decimals + 2^-power) / (2 * 2^-power)
        var denominator = BigInteger.One << -power;
        var scaled = ((mantissa * BigInteger.Pow(10, decimals) * 2) + denominator) / (denominator * 2);
        var magnitude = double.Parse($"{scaled}E-{decimals}", NumberStyles.Float, CultureInfo.InvariantCulture);
        return value < 0 ? -magnitude : magnitude;
    }
}
