using System.Globalization;
using System.Text;
using Harmony.Gateway.Metrics;

namespace Harmony.Gateway.Drawing;

/// <summary>The requests of the last hour as a small chart: a bar for each minute, the failed ones at its foot in the colour of failures.</summary>
internal static class TrafficChart
{
    /// <summary>How the charts look.</summary>
    public const string Style = ".chart { display: block; width: 100%; max-width: 45rem; height: 4rem } .chart .all { fill: #6e7781 } .chart .failed { fill: "
        + "#c62828 } .axis { display: flex; justify-content: space-between; max-width: 45rem; font-size: .8rem; color: var(--soft) } @media "
        + "(prefers-color-scheme: dark) { .chart .all { fill: #8b949e } .chart .failed { fill: #ff7b72 } }";

    private const int Height = 36, BarWidth = 4;

    /// <summary>Draws one.</summary>
    /// <param name="minutes">The minutes, the oldest first.</param>
    public static string Of(IReadOnlyList<TrafficMinute> minutes)
    {
        var most = Math.Max(1, minutes.Max(m => m.Requests));
        var words = $"{minutes.Sum(m => m.Requests)} requests in the last hour, {minutes.Sum(m => m.Failed)} of them failed; at most {most} a minute";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" role=\"img\" aria-label=\"{words}\" "
            + $"preserveAspectRatio=\"none\" viewBox=\"0 0 {minutes.Count * BarWidth} {Height}\">");
        for (var i = 0; i < minutes.Count; i++)
        {
            Bar("all", i, minutes[i].Requests, most, text);
            Bar("failed", i, minutes[i].Failed, most, text);
        }

        return text.Append(CultureInfo.InvariantCulture,
            $"<path class=\"all\" d=\"M0 {Height - 1}h{minutes.Count * BarWidth}v1h-{minutes.Count * BarWidth}z\"/></svg>"
            + $"<p class=\"axis\"><span>{minutes.Count} min ago</span><span>now</span></p>").ToString();
    }

    private static void Bar(string name, int place, long count, long most, StringBuilder text)
    {
        if (count == 0) return;
        var height = Math.Max(2, (int)Math.Round(count * (Height - 2.0) / most));
        text.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"{name}\" x=\"{place * BarWidth}\" y=\"{Height - 1 - height}\" width=\"{BarWidth - 1}\" height=\"{height}\"/>");
    }
}
