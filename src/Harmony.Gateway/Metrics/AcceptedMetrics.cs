using Harmony.Core.Envelope;
using Microsoft.Net.Http.Headers;

namespace Harmony.Gateway.Metrics;

/// <summary>Which of the two formats the client of a scrape wants, by its header <c>Accept</c> (RFC 9110 §12.5.1).</summary>
internal static class AcceptedMetrics
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>OpenMetrics where the client names its version 1.0.0, or no version, and does not prefer plain text; else the text of Prometheus.</summary>
    public static MetricFormat FormatOf(HeaderFields headers)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. headers.GetAll("accept")], out var accepted)) return MetricFormat.Prometheus;
        double? open = null, plain = null;
        foreach (var range in accepted)
        {
            if (IsOpenMetrics(range)) open = Math.Max(open ?? 0, range.Quality ?? 1);
            else if (range.MediaType == "text/plain") plain = Math.Max(plain ?? 0, range.Quality ?? 1);
        }

        return open is > 0 && open >= (plain ?? 0) ? MetricFormat.OpenMetrics : MetricFormat.Prometheus;
    }

    private static bool IsOpenMetrics(MediaTypeHeaderValue range)
        => range.MediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase)
            && range.Parameters.FirstOrDefault(p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) is var version
            && (version is null || HeaderUtilities.RemoveQuotes(version.Value) == "1.0.0");
}
