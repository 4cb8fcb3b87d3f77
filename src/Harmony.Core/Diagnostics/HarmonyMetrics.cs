using System.Diagnostics.Metrics;
using Harmony.Core.Configuration;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Diagnostics;

/// <summary>
/// The meter of everything Harmony counts. Instruments are named <c>harmony.AREA.WHAT</c> and made once, beside the code that uses them; tags
/// hold names of the configuration only, never anything of a request.
/// </summary>
public static class HarmonyMetrics
{
    /// <summary>The name that listeners and exporters subscribe to.</summary>
    public const string MeterName = "Harmony";

    /// <summary>The meter.</summary>
    public static Meter Meter { get; } = new(MeterName);

    /// <summary>Buckets in seconds for everything that lasts as long as a request: from an answer out of memory to an upload of minutes.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };
}

/// <summary>
/// Counts the requests that were refused: by middleware and, where the middleware has rules, by rule; and those that the gateway refused by itself. The kinds
/// are a closed set.
/// </summary>
internal static class RefusalMetrics
{
    private static readonly Counter<long> Refusals =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.refusals", "{request}",
            "Requests that were refused: by a middleware, by a pipeline that is not active, or, without middleware, by the gateway itself.");

    private static readonly string[] Kinds = [.. Enum.GetValues<RefusalKind>().Order().Select(k => SnakeCase.From(k.ToString()))];

    /// <param name="pipeline">Name of the pipeline.</param>
    /// <param name="middleware">Name of the middleware; empty where the pipeline is not active.</param>
    /// <param name="refusal">What it said.</param>
    public static void Refused(string pipeline, string middleware, Refusal refusal)
    {
        if (!Refusals.Enabled) return;
        Refusals.Add(1, new("pipeline", pipeline), new("middleware", middleware), new("rule", refusal.Rule), new("kind", Kinds[(int)refusal.Kind]));
    }

    /// <summary>Counts a request that no middleware refused, but the gateway by itself.</summary>
    /// <param name="pipeline">Name of the pipeline; empty where no route took the request.</param>
    /// <param name="status">HTTP status of the response.</param>
    public static void Refused(string pipeline, int status)
    {
        if (!Refusals.Enabled) return;
        Refusals.Add(1, new("pipeline", pipeline), new("middleware", ""), new("rule", null), new("kind", KindOf(status)));
    }

    private static string KindOf(int status) => status switch
    {
        400 => Kinds[(int)RefusalKind.Malformed],
        401 => Kinds[(int)RefusalKind.Unauthenticated],
        403 => Kinds[(int)RefusalKind.Forbidden],
        404 => Kinds[(int)RefusalKind.NotFound],
        405 => Kinds[(int)RefusalKind.MethodNotAllowed],
        408 => "too_slow",
        413 or 414 or 431 => "too_large",
        415 => Kinds[(int)RefusalKind.UnsupportedMediaType],
        422 => Kinds[(int)RefusalKind.Unprocessable],
        429 => Kinds[(int)RefusalKind.RateLimited],
        503 => Kinds[(int)RefusalKind.Unavailable],
        508 => "loop",
        _ => "other",
    };
}

/// <summary>Tells how the loading of configurations went. The two gauges are the ones to alert on.</summary>
public static class ReloadMetrics
{
    private static readonly Counter<long> Reloads =
        HarmonyMetrics.Meter.CreateCounter<long>(
            "harmony.config.reloads", "{reload}", "Configurations loaded, the first one included, by result: success, failure.");

    private static readonly Histogram<double> Duration = HarmonyMetrics.Meter.CreateHistogram(
        "harmony.config.reload.duration", "s", "Time from reading the files to serving them, of loads that succeeded.", tags: null, HarmonyMetrics.Seconds);

    private static readonly KeyValuePair<string, object?> Success = new("result", "success");
    private static readonly KeyValuePair<string, object?> Failure = new("result", "failure");

    private static int _lastSucceeded;
    private static double _lastSuccess;

    static ReloadMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.config.last_reload.successful", ()
                => Volatile.Read(ref _lastSucceeded), null, "1 when the files as they are were loaded, 0 when the last attempt failed.");
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.config.last_reload.success_time", ()
                => Volatile.Read(ref _lastSuccess), "s", "When a configuration was last loaded, in seconds since 1970.");
    }

    /// <summary>Notes that a configuration is being served.</summary>
    /// <param name="at">When it went live.</param>
    /// <param name="took">How long reading and building it took.</param>
    public static void Succeeded(DateTimeOffset at, TimeSpan took)
    {
        Volatile.Write(ref _lastSuccess, at.ToUnixTimeMilliseconds() / 1000.0);
        Volatile.Write(ref _lastSucceeded, 1);
        Reloads.Add(1, Success);
        Duration.Record(took.TotalSeconds);
    }

    /// <summary>Notes that a configuration was not taken; the one before it goes on.</summary>
    public static void Failed()
    {
        Volatile.Write(ref _lastSucceeded, 0);
        Reloads.Add(1, Failure);
    }
}
