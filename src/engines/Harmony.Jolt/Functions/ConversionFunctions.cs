using System.Numerics;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

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
