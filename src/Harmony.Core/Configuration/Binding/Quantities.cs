using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.Core.Configuration;

/// <summary>
/// Reads durations and sizes as other programs let people write them (<c>10s</c>, <c>5m</c>, <c>10MB</c>), to say what this one wants instead.
/// </summary>
internal static partial class Quantities
{
    /// <summary>What the text means in the unit that the key counts; null when the text is no quantity, or the key counts neither time nor bytes.</summary>
    /// <param name="key">The key, whose ending names its unit: <c>timeout_secs</c>, <c>max_body_size</c>.</param>
    /// <param name="text">The text that was written for a number.</param>
    public static (long Number, string Unit)? In(string key, string text)
    {
        if (Quantity().Match(text.Trim()) is not { Success: true } match
            || !double.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number)) return null;
        var (unit, perUnit) = UnitOf(key);
        var factor = Factor(match.Groups["unit"].Value, isTime: unit is "seconds" or "milliseconds" or "hours");
        if (unit is null || factor is null) return null;
        var result = Math.Ceiling(number * factor.Value / perUnit);
        return result <= long.MaxValue / 2 ? ((long)result, unit) : null;
    }

    private static (string? Unit, double PerUnit) UnitOf(string key)
    {
        if (key.EndsWith("_secs", StringComparison.Ordinal)) return ("seconds", 1);
        if (key.EndsWith("_ms", StringComparison.Ordinal)) return ("milliseconds", 0.001);
        if (key.EndsWith("_hours", StringComparison.Ordinal)) return ("hours", 3600);
        return key.Contains("size", StringComparison.Ordinal) || key.Contains("bytes", StringComparison.Ordinal) ? ("bytes", 1) : (null, 1);
    }

    private static double? Factor(string unit, bool isTime) => (unit.ToLowerInvariant(), isTime) switch
    {
        ("ms", true) => 0.001,
        ("s" or "sec" or "secs" or "second" or "seconds", true) => 1,
        ("m" or "min" or "mins" or "minute" or "minutes", true) => 60,
        ("h" or "hour" or "hours", true) => 3600,
        ("d" or "day" or "days", true) => 86400,
        ("b" or "byte" or "bytes", false) => 1,
        ("k" or "kb" or "kib", false) => 1L << 10,
        ("m" or "mb" or "mib", false) => 1L << 20,
        ("g" or "gb" or "gib", false) => 1L << 30,
        ("t" or "tb" or "tib", false) => 1L << 40,
        _ => null,
    };

    [GeneratedRegex(@"^(?<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(?<unit>[A-Za-z]{1,8})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quantity();
}
