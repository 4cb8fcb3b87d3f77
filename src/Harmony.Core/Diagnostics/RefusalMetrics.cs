using System.Diagnostics.Metrics;
using Harmony.Core.Configuration;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Diagnostics;

/// <summary>Counts the requests that were turned away, by middleware and, where the middleware has rules, by rule.</summary>
internal static class RefusalMetrics
{
    private static readonly Counter<long> Refusals =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.refusals", "{request}", "Requests that a middleware, or a pipeline that is not active, turned away.");

    private static readonly string[] Kinds = [.. Enum.GetValues<RefusalKind>().Order().Select(k => SnakeCase.From(k.ToString()))];

    /// <param name="pipeline">Name of the pipeline.</param>
    /// <param name="middleware">Name of the middleware; empty where the pipeline is not active.</param>
    /// <param name="refusal">What it said.</param>
    public static void Refused(string pipeline, string middleware, Refusal refusal)
    {
        if (!Refusals.Enabled) return;
        Refusals.Add(1, new("pipeline", pipeline), new("middleware", middleware), new("rule", refusal.Rule), new("kind", Kinds[(int)refusal.Kind]));
    }
}
