using System.Diagnostics.Metrics;

namespace Harmony.Gateway.Metrics;

/// <summary>
/// Names of instruments in the spelling of Prometheus: <c>harmony.request.duration</c> in seconds becomes
/// <c>harmony_request_duration_seconds</c>; counters end in <c>_total</c>.
/// </summary>
internal static class MetricNames
{
    /// <summary>The name of an instrument's metric.</summary>
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = Sanitized(instrument.Name);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "", // counts of things, {request}, have no unit in a name
        };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        // A name in _count is that of a histogram's number of values; the runtime has gauges of such names.
        if (kind == MetricKind.Gauge && name.EndsWith("_count", StringComparison.Ordinal)) name = name[..^"_count".Length] + "s";
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>The name of a tag as a label.</summary>
    public static string LabelOf(string tag) => Sanitized(tag);

    /// <summary>A label's value between quotes.</summary>
    public static string Escaped(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The text of a HELP line.</summary>
    public static string EscapedHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Sanitized(string name) => string.Create(name.Length, name, static (target, name) =>
    {
        for (var i = 0; i < name.Length; i++) target[i] = char.IsAsciiLetter(name[i]) || (char.IsAsciiDigit(name[i]) && i > 0) ? name[i] : '_';
    });
}
