using System.Globalization;
using System.Numerics;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions of numbers, and of strings that hold numbers.</summary>
internal static class MathFunctions
{
    private const int MaxDecimals = 300;

    /// <summary>The largest; of several that are equal, the one without a fraction.</summary>
    public static DocValue Max(ReadOnlySpan<DocValue> values, JoltRun run) => Extreme(values, 1);

    /// <summary>The smallest; of several that are equal, the one without a fraction.</summary>
    public static DocValue Min(ReadOnlySpan<DocValue> values, JoltRun run) => Extreme(values, -1);

    public static DocValue Itself(DocValue value, JoltRun run) => value.Kind == DocKind.Number ? value : default;

    public static DocValue Abs(DocValue value, JoltRun run)
    {
        if (!DocNumber.TryRead(value, out var number)) return default;
        var text = value.GetText();
        if (value.Kind == DocKind.Number) return text[0] == '-' ? DocValue.Number(text[1..]) : value;
        return number.Integer is { } integer ? new DocNumber(BigInteger.Abs(integer)).ToValue() : new DocNumber(Math.Abs(number.Double)).ToValue();
    }

    public static DocValue Average(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        var sum = 0d;
        var count = 0;
        foreach (var value in values)
        {
            if (!DocNumber.TryRead(value, out var number)) continue;
            sum += number.Double;
            count++;
        }

        return count == 0 ? default : Double(sum / count);
    }

    public static DocValue IntSum(ReadOnlySpan<DocValue> values, JoltRun run) => Within(Sum(values), int.MinValue, int.MaxValue);

    public static DocValue LongSum(ReadOnlySpan<DocValue> values, JoltRun run) => Within(Sum(values), long.MinValue, long.MaxValue);

    public static DocValue DoubleSum(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        var sum = 0d;
        foreach (var value in values)
        {
            if (DocNumber.TryRead(value, out var number)) sum += number.Double;
        }

        return Double(sum);
    }

    public static DocValue IntSubtract(ReadOnlySpan<DocValue> values, JoltRun run)
        => values.Length == 2 && Arguments.TryInt(values[0], out var a) && Arguments.TryInt(values[1], out var b)
            ? Within((BigInteger)a - b, int.MinValue, int.MaxValue)
            : default;

    public static DocValue LongSubtract(ReadOnlySpan<DocValue> values, JoltRun run)
        => values.Length == 2 && Arguments.TryInteger(values[0], out var a) && Arguments.TryInteger(values[1], out var b)
            ? Within(a - b, long.MinValue, long.MaxValue)
            : default;

    public static DocValue DoubleSubtract(ReadOnlySpan<DocValue> values, JoltRun run)
        => values is [{ Kind: DocKind.Number }, { Kind: DocKind.Number }] && TryPair(values, out var a, out var b) ? Double(a - b) : default;

    public static DocValue Divide(ReadOnlySpan<DocValue> values, JoltRun run)
        => TryPair(values, out var a, out var b) && b != 0 ? Double(a / b) : default;

    /// <summary><c>divideAndRound(decimals, a, b)</c>: halves go away from zero.</summary>
    public static DocValue DivideAndRound(DocValue decimals, ReadOnlySpan<DocValue> values, JoltRun run)
    {
        if (!Arguments.TryInt(decimals, out var digits) || digits is < 0 or > MaxDecimals) return default;
        if (!TryPair(values, out var a, out var b) || b == 0) return default;
        return Double(Rounding.HalfUp(a / b, digits));
    }

    private static DocValue Extreme(ReadOnlySpan<DocValue> values, int sign)
    {
        DocValue best = default;
        DocNumber bestNumber = default;
        foreach (var value in values)
        {
            if (!DocNumber.TryRead(value, out var number)) continue;
            var order = best.IsMissing ? 1 : sign * DocNumber.Compare(number, bestNumber);
            if (order < 0 || (order == 0 && (bestNumber.Integer is not null || number.Integer is null))) continue;
            best = value;
            bestNumber = number;
        }

        return best.Kind == DocKind.String ? bestNumber.ToValue() : best;
    }

    private static BigInteger Sum(ReadOnlySpan<DocValue> values)
    {
        var sum = BigInteger.Zero;
        foreach (var value in values)
        {
            if (DocNumber.TryRead(value, out var number)) sum += number.Truncated;
        }

        return sum;
    }

    private static bool TryPair(ReadOnlySpan<DocValue> values, out double a, out double b)
    {
        a = b = 0;
        if (values.Length != 2 || !DocNumber.TryRead(values[0], out var first) || !DocNumber.TryRead(values[1], out var second)) return false;
        a = first.Double;
        b = second.Double;
        return true;
    }

    // A result that does not fit is no result: the wrong number would be worse.
    private static DocValue Within(BigInteger value, BigInteger min, BigInteger max)
        => value < min || value > max ? default : new DocNumber(value).ToValue();

    private static DocValue Double(double value) => double.IsFinite(value) ? new DocNumber(value).ToValue() : default;
}

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

/// <summary>Functions that make one kind of value of another. What cannot be converted has no answer, so that it stays what it is.</summary>
internal static class ConversionFunctions
{
    public static DocValue ToInteger(DocValue value, JoltRun run) => ToIntegral(value, int.MinValue, int.MaxValue);

    public static DocValue ToLong(DocValue value, JoltRun run) => ToIntegral(value, long.MinValue, long.MaxValue);

    /// <summary>A number that has a fraction or exponent already keeps its text.</summary>
    public static DocValue ToDouble(DocValue value, JoltRun run)
    {
        if (!DocNumber.TryRead(value, out var number) || !double.IsFinite(number.Double)) return default;
        var text = value.GetText();
        return number.Integer is null && DocNumber.IsJson(text) ? DocValue.Number(text) : new DocNumber(number.Double).ToValue();
    }

    public static DocValue ToBoolean(DocValue value, JoltRun run)
    {
        if (value.Kind is DocKind.True or DocKind.False) return value;
        if (value.Kind != DocKind.String) return default;
        var text = value.GetText();
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return DocValue.Of(true);
        return text.Equals("false", StringComparison.OrdinalIgnoreCase) ? DocValue.Of(false) : default;
    }

    public static DocValue ToText(DocValue value, JoltRun run) => value.Kind == DocKind.String ? value : run.NewString(DocText.Of(value, run));

    private static DocValue ToIntegral(DocValue value, BigInteger min, BigInteger max)
    {
        if (!DocNumber.TryRead(value, out var number)) return default;
        var integer = number.Truncated;
        return integer < min || integer > max ? default : new DocNumber(integer).ToValue();
    }
}
