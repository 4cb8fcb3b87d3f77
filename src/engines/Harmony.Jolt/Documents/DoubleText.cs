using System.Globalization;

namespace Harmony.Jolt.Documents;

/// <summary>Doubles as Java writes them: always with a fraction, so that <c>4.0</c> stays a double to who reads it.</summary>
internal static class DoubleText
{
    private const double PlainFrom = 1e-3;
    private const double PlainBelow = 1e7;

    public static string Of(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is 0 or (>= PlainFrom and < PlainBelow)) return Plain(value);
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        return Shortest(value, int.Parse(text.AsSpan(text.IndexOf('E') + 1), CultureInfo.InvariantCulture));
    }

    private static string Plain(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }

    private static string Shortest(double value, int exponent)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Trim('0');
        if (digits.Length == 0) digits = "0";
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return $"{(value < 0 ? "-" : "")}{digits[0]}.{fraction}E{exponent}";
    }
}
