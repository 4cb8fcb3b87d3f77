using System.Diagnostics;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Diagnostics;

/// <summary>
/// The spans of requests: one for the request and one for each of its steps, named by the configuration. Attributes hold statuses, kinds of
/// faults and names of the configuration; no path, query, field value or body.
/// </summary>
public static class HarmonyTrace
{
    /// <summary>The name that listeners and exporters subscribe to.</summary>
    public const string SourceName = "Harmony";

    /// <summary>Makes the spans.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>The span that this call is inside, if it is one of Harmony's.</summary>
    public static Activity? Current => Activity.Current is { } activity && ReferenceEquals(activity.Source, Source) ? activity : null;

    /// <summary>Begins the span of a step within the current one.</summary>
    /// <param name="kind">The kind of step: <c>middleware</c>.</param>
    /// <param name="name">Its name in the configuration.</param>
    /// <param name="isCall">Whether another system is called.</param>
    public static Activity? Step(string kind, string name, bool isCall = false)
        => Source.StartActivity($"{kind} {name}", isCall ? ActivityKind.Client : ActivityKind.Internal)?.SetTag($"harmony.{kind}", name);

    /// <summary>Notes that a step failed. Messages are left out: those of unforeseen exceptions may hold anything.</summary>
    public static void Failed(this Activity? span, Exception e)
    {
        if (span is null) return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag("error.type", e is GatewayException fault ? fault.Kind.ToString() : e.GetType().FullName);
        if (e is GatewayException { FaultSource: var source }) span.SetTag("harmony.fault_source", source.ToString());
    }

    /// <summary>Notes that a step turned the request away, which is no failure.</summary>
    public static void Refused(this Activity? span, Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        span?.SetTag("harmony.refusal", refusal.Kind.ToString());
        if (refusal.Rule is { } rule) span?.SetTag("harmony.rule", rule);
    }

    /// <summary>Notes the status of an answer; from 500 on it is an error (OpenTelemetry, HTTP spans).</summary>
    public static void Answered(this Activity? span, int status)
    {
        if (span is null) return;
        span.SetTag("http.response.status_code", status);
        if (status < 500) return;
        span.SetStatus(ActivityStatusCode.Error);
        if (span.GetTagItem("error.type") is null) span.SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
